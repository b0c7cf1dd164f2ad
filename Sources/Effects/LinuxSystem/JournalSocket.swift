import CLinux
package import SystemPackage

/// Hands entries to systemd's journal by its native protocol, without a library.
package enum JournalSocket {
    /// Where journald listens.
    private static let path: FilePath = "/run/systemd/journal/socket"

    /// Sends one entry, in the form of `JournalEntry.datagram`; never waits.
    ///
    /// Returns whether journald was there to take it: nothing depends on that, and there is nobody to tell.
    @discardableResult
    package static func send(_ datagram: [UInt8], to path: FilePath = Self.path) -> Bool {
        unsafe clinux_send_datagram(path.string, datagram, datagram.count) == 0
    }
}
