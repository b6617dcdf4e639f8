import Foundation
import Glibc
import Synchronization

/// Runs `body` on a thread of its own, and gives what it gives. What Linux keeps for each thread
/// (its umask and mounts once unshared, its file system user) can be changed there.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
    let outcome = Outcome<Result>()
    Thread.detachNewThread {
        let result = body()
        outcome.result.withLock { $0 = result }
        outcome.isThere.signal()
    }
    outcome.isThere.wait()
    return outcome.result.withLock { $0! }
}

private final class Outcome<Result: Sendable>: Sendable {
    let result = Mutex<Result?>(nil)
    let isThere = DispatchSemaphore(value: 0)
}

/// A function of the C library that takes and gives an int, and that Swift cannot see.
private func call(_ name: String, _ argument: CUnsignedInt) -> CInt {
    typealias Function = @convention(c) (CUnsignedInt) -> CInt
    return unsafeBitCast(dlsym(dlopen(nil, RTLD_NOW), name)!, to: Function.self)(argument)
}

/// Gives the calling thread a umask and a working directory, or mounts, of its own.
func unshare(_ flags: CInt) -> Bool { call("unshare", CUnsignedInt(flags)) == 0 }

let cloneFS: CInt = 0x200
let cloneNewNS: CInt = 0x20000

/// Takes root's right to write everywhere from the calling thread.
func becomeNobodyToFileSystems() { if geteuid() == 0 { _ = call("setfsuid", 65_534) } }
