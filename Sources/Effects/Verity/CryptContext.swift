import CCryptsetup
import LinuxSystem
package import SystemPackage

/// Holds one libcryptsetup context and what the library says while it works.
@safe struct CryptContext: ~Copyable {
    /// What the library said, in order.
    final class Messages {
        var lines: [String] = []
    }

    let handle: OpaquePointer
    let messages = Messages()

    /// Opens a device for which nothing is loaded yet.
    ///
    /// The corresponding C function is `crypt_init`.
    init(device: FilePath) throws(VerityError) {
        var handle: OpaquePointer?
        let result = unsafe crypt_init(&handle, device.string)
        guard result >= 0, let handle = unsafe handle else {
            throw .library("opening", device, result, said: [])
        }
        unsafe self.handle = handle
        listen()
    }

    /// Opens a device that is active under a name.
    ///
    /// The corresponding C function is `crypt_init_by_name`.
    init(active name: String) throws(VerityError) {
        var handle: OpaquePointer?
        let result = unsafe crypt_init_by_name(&handle, name)
        guard result >= 0, let handle = unsafe handle else {
            throw .library("opening", FilePath("/dev/mapper/\(name)"), result, said: [])
        }
        unsafe self.handle = handle
        listen()
    }

    deinit { unsafe crypt_free(handle) }

    /// Turns the library's printing into lines of ours.
    private borrowing func listen() {
        let pointer = unsafe Unmanaged.passUnretained(messages).toOpaque()
        unsafe crypt_set_log_callback(
            handle,
            { level, text, pointer in
                guard level == CRYPT_LOG_ERROR, let text = unsafe text, let pointer = unsafe pointer else { return }
                let line = unsafe String(cString: text).split(separator: "\n").joined(separator: " ")
                unsafe Unmanaged<Messages>.fromOpaque(pointer).takeUnretainedValue().lines.append(line)
            }, pointer)
    }
}

/// Tries libcryptsetup without a device, for the self test.
package enum VerityLibrary {
    /// Says whether a file begins with a verity superblock; this starts the library's crypto backend.
    ///
    /// - Throws: `VerityError` when the library cannot work at all, such as without a backend. The corresponding C
    ///   function is `crypt_load`.
    package static func hasSuperblock(_ file: FilePath) throws(VerityError) -> Bool {
        let context = try CryptContext(device: file)
        let result = unsafe crypt_load(context.handle, CRYPT_VERITY, nil)
        if result >= 0 { return true }
        guard Errno(rawValue: -result) == .invalidArgument else {
            throw .library("reading verity of", file, result, said: context.messages.lines)
        }
        return false
    }
}
