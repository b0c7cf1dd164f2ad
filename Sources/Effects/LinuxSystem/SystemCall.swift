import Glibc
package import SystemPackage

/// Runs a call that returns -1 and sets `errno` on failure, again when a signal interrupted it.
/// - Throws: the `errno` of the call, never `EINTR`.
package func systemCall<Result: SignedInteger>(_ call: () -> Result) throws(Errno) -> Result {
    while true {
        let result = call()
        if result != -1 { return result }
        let code = Errno(rawValue: errno)
        if code != .interrupted { throw code }
    }
}

/// Runs a body and gives any error that is not an `Errno` the code `EIO`; SystemPackage throws nothing else.
package func catchingErrno<Result: ~Copyable>(_ body: () throws -> Result) throws(Errno) -> Result {
    do {
        return try body()
    } catch let error as Errno {
        throw error
    } catch {
        throw .ioError
    }
}
