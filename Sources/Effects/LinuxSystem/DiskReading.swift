package import SystemPackage

/// Reads a disk itself, past all caches.
package enum DiskReading {
    /// Reads at most so many bytes at a place; fewer only where the device ends.
    ///
    /// What somebody has just written through a mounted filesystem and flushed is seen, whatever was read here before.
    ///
    /// - Throws: `SystemError` when it cannot be read.
    package static func bytes(of device: FilePath, at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        let lead = Int(offset % Int64(AlignedBuffer.alignment))
        do throws(Errno) {
            return try DirectAccess.trying { (options) throws(Errno) in
                let file = try OwnedDescriptor(opening: device, options: options)
                let buffer = AlignedBuffer(atLeast: lead + count)
                let got = try buffer.read(file.descriptor, at: offset - Int64(lead))
                return Array(buffer.bytes(max(0, min(got, lead + count))).dropFirst(lead))
            }
        } catch {
            throw .file("reading", device, error)
        }
    }

    /// Reads the beginning of a device past all caches; false when that fails, whyever.
    ///
    /// A medium that was taken out has no device any more, or one that gives errors.
    package static func succeeds(_ device: FilePath) -> Bool {
        do throws(Errno) {
            let file = try DirectAccess.trying { (options) throws(Errno) in
                // Without waiting for a drive that has no disc.
                try OwnedDescriptor(opening: device, options: options.union(.nonBlocking))
            }
            return try AlignedBuffer(atLeast: AlignedBuffer.alignment).read(file.descriptor, at: 0) > 0
        } catch { return false }
    }
}
