import Records

extension PackageList {
    /// Reads a database of rpm's own form, as rpm's lib/backend/ndb/rpmpkg.c has it: pages of slots
    /// of 16 bytes, and the headers in blocks of 16 bytes. Numbers are little-endian.
    /// - Returns: what is wrong with it, if it could be read in part.
    mutating func readNDB(_ main: consuming HostFile) throws(SourceFailure) -> SourceFailure? {
        let file = try DatabaseFile.open(main)
        let (slotSize, pageSize) = (16, 4096)
        func little(_ bytes: [UInt8], _ offset: Int) -> Int64 {
            Int64(number(bytes, offset, isBigEndian: false))
        }
        // Magic number, version, generation, pages of slots.
        let start = try file.bytes(at: 0, count: 32)
        guard start.starts(with: "RpmP".utf8), little(start, 4) == 0 else {
            throw .unknownForm
        }
        let pages = little(start, 12)
        if pages * Int64(pageSize) > file.size { throw .cut }
        var failure: SourceFailure?
        var page: Int64 = 0
        // Of a sound file: headers do not overlap.
        var bytesLeft = file.size
        while page < pages {
            let slots = try file.bytes(at: page * Int64(pageSize), count: pageSize)
            // The first two are the file's own header.
            for slot in stride(from: page == 0 ? 32 : 0, to: pageSize, by: slotSize) {
                let (index, block) = (little(slots, slot + 4), little(slots, slot + 8))
                if block == 0 { continue }
                let (blocks, offset) = (little(slots, slot + 12), block * Int64(slotSize))
                // Behind it in the last block: a checksum, the length, a magic number.
                let end = offset + blocks * Int64(slotSize) - 12
                guard slots[slot...].starts(with: "Slot".utf8), end <= file.size - 12, blocks > 1
                else {
                    failure = .damagedPage
                    continue
                }
                let header: [UInt8]
                let tail: [UInt8]
                do throws(SourceFailure) {
                    header = try file.bytes(at: offset, count: 16)
                    tail = try file.bytes(at: end, count: 12)
                } catch {
                    // The medium fails here; the other headers may be readable.
                    failure = error
                    continue
                }
                guard header.starts(with: "BlbS".utf8), little(header, 4) == index,
                    tail[8...].starts(with: "BlbE".utf8), little(header, 12) == little(tail, 4),
                    little(header, 12) <= min(end - offset - 16, PackageLimits.headerBytes)
                else {
                    failure = .damagedPage
                    continue
                }
                bytesLeft -= blocks * Int64(slotSize)
                if bytesLeft < 0 { throw .damagedPage }
                var blob = Blob(file)
                blob.append(offset + 16, Int(little(header, 12)))
                failure = addRPM(blob) ?? failure
            }
            page += 1
        }
        if try file.bytes(at: 0, count: 32) != start {
            failure = .changed
        }
        return failure
    }
}
