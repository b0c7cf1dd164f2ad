import CLinux
import Glibc
import SystemPackage

/// Reads a child's captured streams while it runs, until it has ended.
struct OutputPump: ~Copyable {
    private var output: Source
    private var errors: Source
    private let process: OwnedDescriptor

    /// A pipe that is read without blocking; nil once it is at its end.
    private struct Source: ~Copyable {
        var pipe: OwnedDescriptor?
        var capture: CapturedBytes

        /// What `poll` watches; negative is ignored by it.
        var watched: Int32 { pipe.descriptor?.rawValue ?? -1 }

        /// Reads what is there, at most 2 MiB so that a flood cannot keep us.
        mutating func drain() throws(Errno) {
            var buffer = [UInt8](repeating: 0, count: 65536)
            for _ in 0..<32 {
                guard watched >= 0 else { return }
                let count = unsafe read(watched, &buffer, buffer.count)
                if count > 0 {
                    capture.append(buffer.prefix(count))
                } else if count == 0 {
                    pipe = nil
                } else if errno == EAGAIN {
                    return
                } else if errno != EINTR {
                    throw Errno(rawValue: errno)
                }
            }
        }
    }

    /// Takes the kept ends of the streams of a running child.
    init(_ identifier: pid_t, output: inout ChildStream, errors: inout ChildStream) throws(Errno) {
        let descriptor = try systemCall { clinux_pidfd_open(identifier) }
        process = OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor))
        self.output = Source(pipe: output.takeKept(), capture: output.capture)
        self.errors = Source(pipe: errors.takeKept(), capture: errors.capture)
    }

    /// What standard output held.
    var capturedOutput: CapturedBytes { output.capture }
    /// What standard error held.
    var capturedErrors: CapturedBytes { errors.capture }

    /// Reads until the child has ended; descendants that keep a stream open are not waited for.
    /// - Parameter whileWaiting: called every few seconds.
    /// - Returns: false when the deadline passed first, or more came than may be captured.
    /// - Throws: the `errno` of `poll` or `read`.
    mutating func run(until deadline: Deadline, _ whileWaiting: () -> Void) throws(Errno) -> Bool {
        while true {
            let turn = deadline.turn.pollTimeout
            var watched = [output.watched, errors.watched, process.descriptor.rawValue].map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let ready = try systemCall { unsafe poll(&watched, nfds_t(watched.count), turn) }
            whileWaiting()
            try output.drain()
            try errors.drain()
            if watched.last?.revents != 0 { return true }
            if ready == 0 && deadline.isPast || output.capture.overflowed || errors.capture.overflowed { return false }
        }
    }
}

/// Collects what a child prints, up to a limit.
struct CapturedBytes: Equatable, Sendable {
    /// Captures nothing.
    static let none = CapturedBytes(limit: 0, keepsTail: true)

    /// Most bytes that are kept.
    let limit: Int
    /// Whether the last bytes are kept when there are more; otherwise more is an overflow.
    let keepsTail: Bool
    private var collected: [UInt8] = []
    /// Whether there was more than may be captured.
    private(set) var overflowed = false

    init(limit: Int, keepsTail: Bool) {
        self.limit = max(0, limit)
        self.keepsTail = keepsTail
    }

    /// What was kept.
    var bytes: [UInt8] { keepsTail ? Array(collected.suffix(limit)) : collected }

    /// Adds bytes; a tail is cut back only now and then.
    mutating func append(_ bytes: some Collection<UInt8>) {
        if keepsTail {
            collected.append(contentsOf: bytes)
            if collected.count > limit + 65536 { collected = Array(collected.suffix(limit)) }
        } else if bytes.count > limit - collected.count {
            overflowed = true
        } else {
            collected.append(contentsOf: bytes)
        }
    }

    /// Reads a memory file from where its kept part starts.
    mutating func append(contentsOf file: FileDescriptor) throws(Errno) {
        let size = try catchingErrno { try file.seek(offset: 0, from: .end) }
        var offset = keepsTail ? max(0, size - Int64(limit)) : 0
        var buffer = [UInt8](repeating: 0, count: 65536)
        while offset < size, !overflowed {
            let count = try catchingErrno {
                try unsafe buffer.withUnsafeMutableBytes { try unsafe file.read(fromAbsoluteOffset: offset, into: $0) }
            }
            guard count > 0 else { return }
            append(buffer.prefix(count))
            offset += Int64(count)
        }
    }
}
