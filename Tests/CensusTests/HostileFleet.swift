#if MySQL
    import Foundation
    import TestSupport

    /// A generated fleet, and files beside it that are as hard to load as files can be: some that do
    /// not count, names of files that mean something to a program, and values at their edges.
    enum HostileFleet {
        /// Writes the files into the folders `0` to `3`, `more` and `zz`, and into the directory.
        static func write(to directory: TemporaryDirectory) throws {
            let fleet = GeneratedFleet(seed: 20_261_130, hosts: 40)
            try fleet.write(to: directory)
            try writeNames(to: directory)
            try writeEdges(to: directory)
            try writeCollections(to: directory)
            try writePackages(to: directory)
            try writeUncounted(to: directory, beside: fleet)
        }

        private static func text(
            _ number: Int, host: String, _ processes: [String] = [process(1, "init")],
            takenAt: String = "2026-11-23T05:13:11Z"
        ) -> SnapshotText {
            SnapshotText(
                id: uuid(number), takenAt: takenAt, hostID: host, hostname: host, ip: host,
                processes: processes)
        }

        /// Servers are numbered in the order of the files.
        private static func writeNames(to directory: TemporaryDirectory) throws {
            let names = [
                "=1.jsonl", "'=2.jsonl", "@3,\".jsonl", "more/a/z.jsonl", "more/a.jsonl",
                "more/a-b.jsonl",
                "more/a b+c%20d.jsonl", "more/[ab]{c,d}*?.jsonl", "more/é.jsonl",
                "more/e\u{301}.jsonl",
                "more/\\n.jsonl", "more/a#c;d.jsonl", "more/line\nfeed.jsonl", "more/'.jsonl",
            ]
            for (index, name) in names.enumerated() {
                try directory.write(text(100 + index, host: "named \(index)").bytes, to: name)
            }
            // In the order of the text, not of the names; and each file of the first as often as it is
            // there.
            let snapshots = (0..<3).map { text(150 - $0, host: "several \($0)").bytes }
            try directory.write(snapshots.flatMap(\.self), to: "more/several.jsonl")
            try directory.write(
                gzip(snapshots[1]) + gzip(snapshots[0] + snapshots[2]), to: "more/members.jsonl.gz")
        }

        private static func writeEdges(to directory: TemporaryDirectory) throws {
            var number = 200
            func write(_ text: SnapshotText) throws {
                try directory.write(text.bytes, to: "more/edge-\(number).jsonl")
                number += 1
            }
            for date in ["0001-01-01T00:00:00Z", "1582-10-10T00:00:00Z", "9999-12-31T23:59:59Z"] {
                try write(text(number, host: "dated", takenAt: date))
            }
            // Unknown keys of any kind; escape sequences, in keys as well; bytes that are not UTF-8.
            try write(
                text(
                    number, host: "keys",
                    [
                        process(
                            7, "a", #","hostname":{"ip":[1,{}]},"omitted":5,"version":true,"id":[]"#
                        ),
                        process(8, "b", #","user":"","uid":9223372036854775807"#),
                        process(9, "c", #","user":null,"uid":-0,"start_time":-1"#),
                        process(10, "d", #","uid":5,"user":"x","name_base64":"/w==""#),
                        process(11, #"\u00e9\ud83d\ude00\/\b\f\"\\\uFFFF"#),
                        process(12, "\u{FFFD}\u{FFFD}", #","name_base64":"//4=""#),
                        #" { "n\u0061me" : "e" , "r\u0065cord":"process","pid":4294967295 } "#,
                        #"{"name":"snapshot","record":"process","pid":0,"PID":"1","Name":"other"}"#,
                        #"{"record":"later","pid":"x","name":{},"processes":"many","host_id":1}"#,
                    ]))
            // The first owner that is known counts, and a process once.
            try write(
                text(
                    number, host: "twice",
                    [
                        process(1, "a"), process(1, "a", #","user":"second""#),
                        process(1, "a", #","user":"first""#), process(1, "A"), process(1, "a "),
                        process(2, "b"), process(2, "b"),
                    ]))
            var returns = text(number, host: "returns")
            returns.lines = returns.lines.map { $0 + "\r" }
            try write(returns)
            var unknown = text(number, host: "unknown", [])
            unknown.lines[1] = #"{"record":"host","host_id":"unknown","hostname":"","ip":null}"#
            unknown.lines[2] = #"{"record":"os_version","name":"Debian GNU/Linux","version":""}"#
            unknown.lines[3] = #"{"record":"cpu_info","model":""}"#
            try write(unknown)
        }

        /// What is known of the lists.
        private static func writeCollections(to directory: TemporaryDirectory) throws {
            let collections = [
                "", #""processes_hidden":false"#, #""processes_hidden":null"#,
                #""processes_hidden":true,"omitted":["process","user"]"#,
                #""session_source":"none""#,
                #""session_source":"","omitted":["user","package"]"#,
                #""omitted":null,"sources":null"#,
                #""sources":["package dpkg var/lib/dpkg/status"]"#,
                #""sources":["package snap x"]"#,
                #""sources":["package dpkg x"],"failed_sources":["package rpm y"]"#,
                #""failed_sources":["package"],"sources":["Package dpkg x","package dpkgs y"]"#,
                #""unreadable":["","é; \"b\": x","é; \"b\": x","a\\\t\n\r\u0001\u007f/"]"#,
                #""unreadable":null,"failed_sources":["account  passwd a; b: x"," a  b  c\nd","a b "]"#,
                #""unreadable":["a: x"],"failed_sources":["account passwd a: x","x y a: x"]"#,
                #""sources":[""]"#,
            ]
            for (index, collection) in collections.enumerated() {
                for lists in [[], [process(1, "init"), login("anna"), package("bash", "5")]] {
                    let number = 300 + index * 2 + min(1, lists.count)
                    var text = text(number, host: "collection \(index)", lists)
                    let members = collection.isEmpty ? "" : ",\(collection)"
                    text.lines.insert(#"{"record":"collection"\#(members)}"#, at: 4)
                    try directory.write(text.bytes, to: "more/collection-\(number).jsonl")
                }
            }
        }

        private static func writePackages(to directory: TemporaryDirectory) throws {
            let all = #","arch":"","source":null,"source_version":"1","publisher":"\u0001é""#
            let lists = [
                [package("b", "1"), package("a", "1", all)],
                [package("a", "1", all), package("b", "1"), package("b", "1")],
                [package("b", ""), package("b", "1", #","arch":"x""#)],
                [package("b", "1", #","publisher":"x""#), package("b", "1", #","source":"x""#)],
            ]
            for (index, list) in lists.enumerated() {
                try directory.write(
                    gzip(text(400 + index, host: "packages", list).bytes),
                    to: "more/packages-\(index).jsonl.gz")
            }
        }

        /// Damaged files, copies, and other content under the id of another snapshot.
        private static func writeUncounted(
            to directory: TemporaryDirectory, beside fleet: GeneratedFleet
        ) throws {
            let whole = try gzip(text(500, host: "damaged").bytes)
            try directory.write(Array(whole.dropLast(9)), to: "more/0-truncated.jsonl.gz")
            try directory.write(whole + [1, 2, 3], to: "more/0-followed.jsonl.gz")
            // A snapshot of a damaged file is nobody's: another may have its id.
            let before = text(501, host: "before the damage")
            try directory.write(
                before.bytes + Array(#"{"record":"#.utf8), to: "more/0-unfinished.jsonl")
            try directory.write(text(501, host: "after the damage").bytes, to: "more/1.jsonl")
            var altered = text(502, host: "altered")
            altered.end = #"{"record":"end","processes":1,"users":0,"sha256":"\#(altered.sha256)"}"#
            altered.lines[4] = process(1, "another")
            try directory.write(altered.bytes, to: "more/altered.jsonl")
            try directory.write([], to: "more/empty.jsonl")
            try directory.write(fleet.files[0].text, to: "zz/copy.jsonl")
            try directory.write(
                text(503, host: "beside a conflict").bytes + text(501, host: "conflict").bytes,
                to: "zz/conflict.jsonl")
            try directory.write(text(503, host: "after a conflict").bytes, to: "zz/last.jsonl")
        }
    }
#endif
