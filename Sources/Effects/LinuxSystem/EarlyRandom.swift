import CLinux
import Glibc

/// Random numbers for ids, which are there before the kernel has gathered entropy; never for keys.
///
/// Swift's own generator waits for the kernel's, which takes a second, or minutes, on a processor that has none of its own.
package struct EarlyRandom: RandomNumberGenerator {
    /// Starts.
    package init() {}

    /// The next number.
    ///
    /// The corresponding C function is `getrandom` with `GRND_INSECURE` (Linux 5.6).
    package mutating func next() -> UInt64 {
        var number: [UInt64] = [0]
        let count = unsafe number.withUnsafeMutableBytes { buffer in
            unsafe buffer.baseAddress.map { unsafe clinux_random_at_once($0, UInt(buffer.count)) } ?? -1
        }
        if count == MemoryLayout<UInt64>.size { return number[0] }
        var system = SystemRandomNumberGenerator()
        return system.next()
    }
}
