// Most layers of container images are compressed by gzip. ISA-L inflates them in less than half of the time that zlib takes,
// which is behind libarchive; what is built without it reads them by libarchive.
#if WITH_IGZIP
    import CIgzip
    import LinuxSystem
    import SystemPackage

    /// Inflates a file of gzip members (RFC 1952) and checks the checksum of each.
    @safe
    final class GzipFile: ByteStream {
        private static let inputLength = 1 << 18
        /// Large beside the window of 32 KiB, which is copied for each piece, and small enough for a processor's cache.
        private static let outputLength = 1 << 18
        private static let magic: [UInt8] = [0x1F, 0x8B]

        private let file: OwnedDescriptor
        private let path: FilePath
        private let inflater: OpaquePointer
        private let input: UnsafeMutablePointer<UInt8>
        private let output: UnsafeMutablePointer<UInt8>
        /// What of the input was not used yet.
        private var rest = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        private var isInMember = false
        private var taken: Int64 = 0

        /// Opens a file; nil when it is no gzip stream.
        ///
        /// - Throws: `ArchiveError` when it cannot be read.
        init?(path: FilePath) throws(ArchiveError) {
            do throws(Errno) { file = try OwnedDescriptor(opening: path) } catch { throw .file(path, error) }
            guard let inflater = unsafe cigzip_create() else { throw .damaged(path, "out of memory") }
            unsafe self.inflater = unsafe inflater
            self.path = path
            unsafe input = .allocate(capacity: Self.inputLength)
            unsafe output = .allocate(capacity: Self.outputLength)
            guard try isAtMember() else { return nil }
        }

        var position: Int64 { unsafe taken - Int64(rest.count) }

        func next() throws(ArchiveError) -> UnsafeRawBufferPointer {
            while true {
                if !isInMember { isInMember = try isAtMember() }
                guard isInMember else { return unsafe UnsafeRawBufferPointer(start: nil, count: 0) }
                let count = try inflate()
                if unsafe cigzip_has_ended(inflater) {
                    unsafe cigzip_reset(inflater)
                    isInMember = false
                } else if count == 0, unsafe rest.isEmpty {
                    try fill()
                    guard unsafe !rest.isEmpty else { throw .damaged(path, "the gzip stream is cut off") }
                }
                if count > 0 { return unsafe UnsafeRawBufferPointer(start: output, count: count) }
            }
        }

        /// Inflates what is there, as far as the output has room, and returns how many bytes came out.
        private func inflate() throws(ArchiveError) -> Int {
            var source = unsafe rest.bindMemory(to: UInt8.self).baseAddress
            var left = unsafe UInt32(rest.count)
            var target: UnsafeMutablePointer<UInt8>? = unsafe output
            var room = UInt32(Self.outputLength)
            let status = unsafe cigzip_inflate(inflater, &source, &left, &target, &room)
            guard status >= 0 else { throw .damaged(path, "the gzip stream is damaged") }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest.suffix(Int(left)))
            return Self.outputLength - Int(room)
        }

        /// Whether another member begins here; what else follows the last one is padding.
        private func isAtMember() throws(ArchiveError) -> Bool {
            if unsafe rest.count < Self.magic.count { try fill() }
            return unsafe rest.starts(with: Self.magic)
        }

        /// Reads more behind what is left.
        private func fill() throws(ArchiveError) {
            let left = unsafe rest.count
            if let start = unsafe rest.baseAddress, left > 0 {
                unsafe UnsafeMutableRawPointer(input).copyMemory(from: start, byteCount: left)
            }
            let room = unsafe UnsafeMutableRawBufferPointer(start: input + left, count: Self.inputLength - left)
            do throws(Errno) {
                let file = file.descriptor
                let count = try catchingErrno { unsafe try file.read(into: room) }
                taken += Int64(count)
                unsafe rest = UnsafeRawBufferPointer(start: input, count: left + count)
            } catch { throw .file(path, error) }
        }

        deinit {
            unsafe cigzip_free(inflater)
            unsafe input.deallocate()
            unsafe output.deallocate()
        }
    }
#endif
