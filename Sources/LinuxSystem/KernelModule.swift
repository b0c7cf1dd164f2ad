/// Loads kernel modules.
package enum KernelModule {
    /// Loads a module with what it needs; one that is loaded or built in is no error.
    /// - Throws: `ProcessError` when modprobe is missing or the kernel has no such module.
    package static func load(_ name: String) throws(ProcessError) {
        try ChildProcess.run("modprobe", ["--", name], timeout: .seconds(30)).requireSuccess()
    }
}
