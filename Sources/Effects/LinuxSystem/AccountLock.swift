import CLinux
import SystemPackage

/// Holds the lock of the account files, which useradd(8) and its kind take, too.
///
/// The corresponding C functions are `lckpwdf` and `ulckpwdf`; the first gives up after 15 seconds by itself.
package final class AccountLock: Sendable {
    /// Waits until nobody else changes accounts.
    ///
    /// - Throws: `SystemError` when that takes too long, or the lock cannot be taken.
    package init() throws(SystemError) {
        do throws(Errno) { _ = try systemCall { clinux_lock_accounts() } } catch {
            throw SystemError(
                "locking", "the account files", error,
                remedy: "See which program changes accounts, such as useradd or apt-get, and run the stage again.")
        }
    }

    deinit { _ = clinux_unlock_accounts() }
}
