import Glibc
package import SystemPackage

/// Tells people from programs at the other end of a descriptor.
package enum Terminal {
    /// Says whether a descriptor leads to a terminal.
    ///
    /// The corresponding C function is `isatty`.
    package static func isThere(_ descriptor: FileDescriptor) -> Bool { isatty(descriptor.rawValue) == 1 }
}
