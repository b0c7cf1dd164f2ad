import Glibc

/// Reads variables of this process's environment.
package enum EnvironmentValue {
    /// The value of a variable, or nil.
    ///
    /// The corresponding C function is `getenv`.
    package static func named(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
