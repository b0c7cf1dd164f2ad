import Glibc
package import SystemPackage

/// Reads into buffers that are used again, and writes what a span holds, without a copy.
package enum FileBlock {
    /// Reads on where the file stands, into the front of the buffer; returns the number of bytes, 0 only at the end.
    ///
    /// The corresponding C function is `read`.
    ///
    /// - Throws: the `errno` of the call.
    package static func read(_ file: FileDescriptor, into buffer: inout [UInt8]) throws(Errno) -> Int {
        try systemCall {
            unsafe buffer.withUnsafeMutableBytes { memory in
                unsafe Glibc.read(file.rawValue, memory.baseAddress, memory.count)
            }
        }
    }

    /// Reads so many bytes into the front of the buffer; returns their number, fewer only at the end of the file.
    ///
    /// The corresponding C function is `pread`.
    ///
    /// - Throws: the `errno` of the call.
    package static func read(
        _ file: FileDescriptor, into buffer: inout [UInt8], count: Int, at offset: Int
    ) throws(Errno) -> Int {
        let wanted = min(count, buffer.count)
        var done = 0
        while done < wanted {
            let got = try systemCall {
                unsafe buffer.withUnsafeMutableBytes { memory in
                    unsafe pread(
                        file.rawValue, memory.baseAddress?.advanced(by: done), wanted - done, off_t(offset + done))
                }
            }
            if got == 0 { break }
            done += got
        }
        return done
    }

    /// Says whether a file has these bytes at a place.
    ///
    /// - Parameter buffer: memory to read into; grows when it is too small.
    /// - Throws: the `errno` of `pread`.
    package static func holds(
        _ file: FileDescriptor, _ bytes: Span<UInt8>, at offset: Int, buffer: inout [UInt8]
    ) throws(Errno) -> Bool {
        if buffer.count < bytes.count { buffer = [UInt8](repeating: 0, count: bytes.count) }
        guard try read(file, into: &buffer, count: bytes.count, at: offset) == bytes.count else { return false }
        return unsafe bytes.withUnsafeBytes { unsafe $0.elementsEqual(buffer.prefix(bytes.count)) }
    }

    /// Says whether two files have the same bytes.
    ///
    /// - Throws: the `errno` of `pread`.
    package static func areEqual(_ one: FileDescriptor, _ other: FileDescriptor) throws(Errno) -> Bool {
        guard try FileStatus.of(one).size == FileStatus.of(other).size else { return false }
        var (left, right) = ([UInt8](repeating: 0, count: 1 << 16), [UInt8](repeating: 0, count: 1 << 16))
        var place = 0
        while true {
            let count = try read(one, into: &left, count: left.count, at: place)
            guard try read(other, into: &right, count: right.count, at: place) == count,
                left[..<count] == right[..<count]
            else { return false }
            if count == 0 { return true }
            place += count
        }
    }

    /// Writes all bytes where the file stands.
    ///
    /// The corresponding C function is `write`.
    ///
    /// - Throws: the `errno` of the call, `EIO` when it takes nothing.
    package static func write(_ bytes: Span<UInt8>, to file: FileDescriptor) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            let written = try systemCall {
                unsafe rest.withUnsafeBytes { unsafe Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
            }
            if written == 0 { throw .ioError }
            done += written
        }
    }

    /// Writes all bytes at a place.
    ///
    /// The corresponding C function is `pwrite`.
    ///
    /// - Throws: the `errno` of the call, `EIO` when it takes nothing.
    package static func write(_ bytes: Span<UInt8>, to file: FileDescriptor, at offset: Int) throws(Errno) {
        var done = 0
        while done < bytes.count {
            let rest = bytes.extracting(done..<bytes.count)
            let written = try systemCall {
                unsafe rest.withUnsafeBytes {
                    unsafe pwrite(file.rawValue, $0.baseAddress, $0.count, off_t(offset + done))
                }
            }
            if written == 0 { throw .ioError }
            done += written
        }
    }
}
