import Glibc
package import SystemPackage

/// Reads and writes at places of files.
package enum FileBlock {
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
