import CLinux
package import SystemPackage

/// Spreads the work of a flush over the time before it.
package enum EarlyWriting {
    /// Lets the disk begin with what of a file is only in memory, so that a flush later has less to wait for.
    ///
    /// The corresponding C function is `sync_file_range`. It makes nothing durable, and where a filesystem does not have it
    /// the flush does all of the work.
    package static func start(_ file: FileDescriptor) { clinux_start_writing(file.rawValue) }
}
