import CLinux
import Glibc
package import LinuxSystem
package import SystemPackage

/// Waits for what concerns a session at a console: a key, a message of the kernel over it, a change of a folder.
package struct ConsoleEvents: ~Copyable {
    /// What came.
    package enum Event: Equatable, Sendable {
        /// Keys can be read.
        case keys
        /// The kernel wrote to the consoles.
        case message
        /// Something changed in the folder.
        case change
        /// The deadline passed.
        case timedOut
        /// The terminal was hung up.
        case closed
    }

    private let messages: OwnedDescriptor?
    private let changes: OwnedDescriptor?

    /// Begins to listen; what the machine cannot tell never comes.
    ///
    /// The corresponding C functions are `open` of `/dev/kmsg`, `inotify_init1` and `inotify_add_watch`.
    ///
    /// - Parameter folder: whose files are replaced and removed.
    package init(watching folder: FilePath, log: FilePath = "/dev/kmsg") {
        messages = try? OwnedDescriptor(opening: log, options: .nonBlocking)
        changes = Self.watch(folder)
        // What was said before is not over anything.
        _ = try? messages.descriptor?.seek(offset: 0, from: .end)
    }

    private static func watch(_ folder: FilePath) -> OwnedDescriptor? {
        guard let number = try? systemCall({ inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }) else {
            return nil
        }
        let owner = OwnedDescriptor(owning: FileDescriptor(rawValue: number))
        let events = UInt32(IN_MOVED_TO | IN_DELETE)
        guard unsafe inotify_add_watch(number, folder.string, events) >= 0 else { return nil }
        return owner
    }

    /// Waits for the next.
    ///
    /// The corresponding C function is `poll`.
    package func next(_ terminal: borrowing PersonTerminal, until deadline: Deadline) -> Event {
        while true {
            var watched = [
                pollfd(fd: terminal.watched, events: Int16(POLLIN), revents: 0),
                // A negative number is left out.
                pollfd(fd: messages.descriptor?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: changes.descriptor?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            let count = try? systemCall {
                unsafe watched.withUnsafeMutableBufferPointer { list in
                    unsafe poll(list.baseAddress, nfds_t(list.count), deadline.pollTimeout)
                }
            }
            guard let count else { return .closed }
            if count == 0 { return .timedOut }
            if watched[0].revents & Int16(POLLIN) != 0 { return .keys }
            if watched[0].revents != 0 { return .closed }
            if watched[1].revents != 0, isShown() { return .message }
            if watched[2].revents != 0 {
                drain()
                return .change
            }
        }
    }

    /// Takes all messages; whether one of them was written to the consoles (Documentation/ABI/testing/dev-kmsg).
    private func isShown() -> Bool {
        guard let file = messages.descriptor else { return false }
        var buffer = [UInt8](repeating: 0, count: 8192)
        let limit = Self.shownLevel
        var isShown = false
        while true {
            do throws(Errno) {
                let count = try FileBlock.read(file, into: &buffer)
                if count == 0 { return isShown }
                let number = buffer.prefix(count).prefix { (0x30...0x39).contains($0) }
                let priority = number.reduce(0) { ($0 * 10 + Int($1) - 0x30) & 0xFFFF }
                if priority & 7 < limit { isShown = true }
            } catch {
                // EPIPE says that messages were lost, and reading goes on behind them.
                guard error == .brokenPipe else { return isShown }
                isShown = true
            }
        }
    }

    /// Messages of a lower number than this are written to the consoles.
    private static var shownLevel: Int {
        let bytes = (try? FileBytes.read("/proc/sys/kernel/printk", limit: 256)) ?? []
        return Int(String(decoding: bytes.prefix { (0x30...0x39).contains($0) }, as: UTF8.self)) ?? 7
    }

    private func drain() {
        guard let file = changes.descriptor else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        while let count = try? FileBlock.read(file, into: &buffer), count > 0 {}
    }
}
