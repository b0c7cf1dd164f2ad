import CMount
import Glibc
import SystemPackage

/// Owns one use of libmount.
@safe struct MountContext: ~Copyable {
    private let handle: OpaquePointer
    private let source: String
    private let target: FilePath

    /// Prepares a mount of a source on a target.
    static func prepare(_ source: String, _ target: FilePath) throws(SystemError) -> MountContext {
        guard let handle = unsafe mnt_new_context() else {
            throw .mount(source, target.string, .noMemory, message: "")
        }
        let context = unsafe MountContext(handle: handle, source: source, target: target)
        try context.configure()
        return context
    }

    private init(handle: OpaquePointer, source: String, target: FilePath) {
        unsafe self.handle = handle
        self.source = source
        self.target = target
    }

    private borrowing func configure() throws(SystemError) {
        unsafe mnt_context_disable_mtab(handle, 1)
        unsafe mnt_context_disable_helpers(handle, 1)
        unsafe mnt_context_disable_canonicalize(handle, 1)
        // Nothing is to be added from an fstab that happens to be there.
        unsafe mnt_context_set_optsmode(handle, Int32(MNT_OMODE_NOTAB))
        try check(unsafe mnt_context_set_source(handle, source))
        try check(unsafe mnt_context_set_target(handle, target.string))
    }

    /// Sets type and options.
    borrowing func set(filesystem: String?, options: String) throws(SystemError) {
        if let filesystem { try check(unsafe mnt_context_set_fstype(handle, filesystem)) }
        if !options.isEmpty { try check(unsafe mnt_context_set_options(handle, options)) }
    }

    /// Mounts, and turns libmount's account of a failure into ours.
    borrowing func mount() throws(SystemError) {
        let result = unsafe mnt_context_mount(handle)
        var text = [CChar](repeating: 0, count: 512)
        let code = unsafe mnt_context_get_excode(handle, result, &text, text.count)
        guard code != MNT_EX_SUCCESS else { return }
        let failed = unsafe mnt_context_get_syscall_errno(handle)
        let number = unsafe mnt_context_syscall_called(handle) == 1 && failed != 0 ? failed : -result
        let message = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw .mount(source, target.string, number > 0 ? Errno(rawValue: number) : nil, message: message)
    }

    private borrowing func check(_ result: Int32) throws(SystemError) {
        if result != 0 { throw .mount(source, target.string, Errno(rawValue: -result), message: "") }
    }

    deinit {
        unsafe mnt_free_context(handle)
    }
}

/// Says which libmount is linked.
package enum MountLibrary {
    /// The version, as `2.38.1`.
    ///
    /// The corresponding C function is `mnt_get_library_version`.
    package static var version: String {
        var text: UnsafePointer<CChar>?
        _ = unsafe mnt_get_library_version(&text)
        return unsafe text.map { unsafe String(cString: $0) } ?? "unknown"
    }
}
