import CCryptsetup
import SystemPackage

/// Holds one libcryptsetup context and what the library says while it works.
@safe struct VolumeContext: ~Copyable {
    /// What the library said, in order.
    final class Messages {
        var lines: [String] = []
    }

    let handle: OpaquePointer
    let device: FilePath
    let messages = Messages()

    /// Opens a device for which nothing is loaded yet.
    ///
    /// The corresponding C function is `crypt_init`.
    init(device: FilePath) throws(EncryptionError) {
        var handle: OpaquePointer?
        let result = unsafe crypt_init(&handle, device.string)
        guard result >= 0, let handle = unsafe handle else { throw .library("opening", device, result, said: []) }
        unsafe self.handle = handle
        self.device = device
        listen()
    }

    /// Opens a volume that is active under a name.
    ///
    /// The corresponding C function is `crypt_init_by_name`.
    init(active name: String) throws(EncryptionError) {
        var handle: OpaquePointer?
        let path = FilePath("/dev/mapper/\(name)")
        let result = unsafe crypt_init_by_name(&handle, name)
        guard result >= 0, let handle = unsafe handle else { throw .library("opening", path, result, said: []) }
        unsafe self.handle = handle
        device = path
        listen()
    }

    deinit { unsafe crypt_free(handle) }

    /// Reads the LUKS2 header.
    ///
    /// The corresponding C function is `crypt_load`.
    borrowing func load() throws(EncryptionError) {
        try check("reading the header of", unsafe crypt_load(handle, CRYPT_LUKS2, nil))
    }

    /// Turns a failed call into an error.
    borrowing func check(_ operation: String, _ result: Int32) throws(EncryptionError) {
        if result < 0 { throw .library(operation, device, result, said: messages.lines) }
    }

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
