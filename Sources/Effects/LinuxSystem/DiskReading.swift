package import SystemPackage

/// Tells whether a disk still answers.
package enum DiskReading {
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
