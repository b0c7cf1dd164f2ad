import CLinux
import Glibc
import SystemPackage

/// One of a child's three standard streams: the end the child gets, and the end this process keeps, if any.
struct ChildStream: ~Copyable {
    /// The descriptor that the child is given.
    let childEnd: Int32
    /// The child's end when it was made here; dropped once the child has its copy.
    private var childEndOwner: OwnedDescriptor?
    /// The reading end of a pipe, the writing end, or a memory file that the child writes to.
    private var kept: OwnedDescriptor?
    /// What to do with what is read from `kept`.
    let capture: CapturedBytes

    private init(childEnd: consuming OwnedDescriptor, kept: consuming OwnedDescriptor?, capture: CapturedBytes) {
        self.childEnd = childEnd.descriptor.rawValue
        self.childEndOwner = consume childEnd
        self.kept = kept
        self.capture = capture
    }

    private init(borrowing descriptor: Int32) {
        childEnd = descriptor
        childEndOwner = nil
        kept = nil
        capture = CapturedBytes(limit: 0, keepsTail: true)
    }

    /// Prepares standard input.
    ///
    /// Bytes go through a memory file, so nobody has to feed the child.
    static func input(_ source: ChildProcess.Input) throws(Errno) -> ChildStream {
        switch source {
        case .inherit: return ChildStream(borrowing: STDIN_FILENO)
        case .descriptor(let descriptor): return ChildStream(borrowing: descriptor.rawValue)
        case .null: return ChildStream(childEnd: try nothing(.readOnly), kept: nil, capture: .none)
        case .bytes(let bytes):
            let file = try memoryFile()
            let descriptor = file.descriptor
            try catchingErrno {
                try descriptor.writeAll(bytes)
                try descriptor.seek(offset: 0, from: .start)
            }
            return ChildStream(childEnd: file, kept: nil, capture: .none)
        }
    }

    /// Prepares standard input as a pipe whose writing end is kept.
    static func inputPipe() throws(Errno) -> ChildStream {
        let (reading, writing) = try pipe()
        return ChildStream(
            childEnd: OwnedDescriptor(owning: reading), kept: OwnedDescriptor(owning: writing), capture: .none)
    }

    /// Prepares an output stream; captured bytes go through a pipe, or into a memory file when nobody will poll.
    static func output(
        _ target: ChildProcess.Output, inherited: Int32, polled: Bool
    ) throws(Errno) -> ChildStream {
        switch target {
        case .inherit: return ChildStream(borrowing: inherited)
        case .descriptor(let descriptor): return ChildStream(borrowing: descriptor.rawValue)
        case .discard: return ChildStream(childEnd: try nothing(.writeOnly), kept: nil, capture: .none)
        case .capture(let limit): return try captured(CapturedBytes(limit: limit, keepsTail: false), polled: polled)
        case .tail(let limit): return try captured(CapturedBytes(limit: limit, keepsTail: true), polled: polled)
        }
    }

    private static func captured(_ capture: CapturedBytes, polled: Bool) throws(Errno) -> ChildStream {
        guard polled else {
            let file = try memoryFile()
            let copy = clinux_duplicate_above(file.descriptor.rawValue, 3)
            guard copy >= 0 else { throw Errno(rawValue: errno) }
            return ChildStream(
                childEnd: OwnedDescriptor(owning: FileDescriptor(rawValue: copy)), kept: file, capture: capture)
        }
        let (reading, writing) = try pipe()
        let kept = OwnedDescriptor(owning: reading)
        let childEnd = OwnedDescriptor(owning: writing)
        _ = try systemCall { fcntl(reading.rawValue, F_SETFL, O_NONBLOCK) }
        return ChildStream(childEnd: childEnd, kept: kept, capture: capture)
    }

    /// Drops this process's copy of the child's end.
    mutating func closeChildEnd() {
        childEndOwner = nil
    }

    /// The end that was kept, if any.
    var keptDescriptor: FileDescriptor? { kept.descriptor }

    /// Gives up the end that was kept.
    mutating func takeKept() -> OwnedDescriptor? {
        kept.take()
    }

    /// Opens `/dev/null`, or an empty memory file where there is none.
    private static func nothing(_ mode: FileDescriptor.AccessMode) throws(Errno) -> OwnedDescriptor {
        do {
            return try OwnedDescriptor(opening: "/dev/null", mode)
        } catch {
            return try memoryFile()
        }
    }

    private static func memoryFile() throws(Errno) -> OwnedDescriptor {
        let descriptor = unsafe clinux_memfd("child-stream")
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        return OwnedDescriptor(owning: FileDescriptor(rawValue: descriptor))
    }

    private static func pipe() throws(Errno) -> (reading: FileDescriptor, writing: FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        _ = try systemCall { unsafe clinux_pipe(&ends) }
        guard let reading = ends.first, let writing = ends.last else { throw .ioError }
        return (FileDescriptor(rawValue: reading), FileDescriptor(rawValue: writing))
    }
}
