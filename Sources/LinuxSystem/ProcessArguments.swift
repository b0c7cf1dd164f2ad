import CLinux

/// The arguments with which this process was started.
package enum ProcessArguments {
    /// What follows the program's name; nil when the C library did not say.
    ///
    /// `CommandLine.arguments` would be empty when `/proc/self/cmdline` cannot be read, and an empty command line asks
    /// for something else than a lost one.
    package static var afterName: [String]? {
        guard var next = unsafe clinux_arguments() else { return nil }
        var all: [String] = []
        while let argument = unsafe next.pointee {
            all.append(unsafe String(cString: argument))
            unsafe next += 1
        }
        return Array(all.dropFirst())
    }
}
