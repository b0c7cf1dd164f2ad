import Glibc
import SystemPackage

/// What happens to the files of a folder, in order (inotify(7)).
struct FileEvents: ~Copyable {
    /// One thing that happened.
    enum Event: Equatable {
        case attributes, content, name
    }

    private let descriptor: FileDescriptor

    /// Begins to listen.
    init(_ folder: FilePath) throws {
        descriptor = FileDescriptor(rawValue: inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)))
        let kinds = UInt32(IN_ATTRIB | IN_MODIFY | IN_MOVED_TO)
        guard inotify_add_watch(descriptor.rawValue, folder.string, kinds) >= 0 else { throw Errno(rawValue: errno) }
    }

    deinit { try? descriptor.close() }

    /// Everything so far; the kernel tells the same thing of the same file once, when nothing else is between.
    borrowing func read() throws -> [Event] {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        var events: [Event] = []
        var place = 0
        while place + 16 <= count {
            let word = { (offset: Int) in
                buffer[(place + offset)..<(place + offset + 4)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            let mask = word(4)
            if mask & UInt32(IN_ATTRIB) != 0 { events.append(.attributes) }
            if mask & UInt32(IN_MODIFY) != 0 { events.append(.content) }
            if mask & UInt32(IN_MOVED_TO) != 0 { events.append(.name) }
            place += 16 + Int(word(12))
        }
        return events
    }
}
