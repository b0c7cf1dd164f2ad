import Glibc
import LinuxSystem
package import SystemPackage

/// Reads blocks of files at a place.
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
}
