import Glibc
package import SystemPackage

/// Owns a file descriptor and closes it when dropped.
package struct OwnedDescriptor: ~Copyable, Sendable {
    /// The descriptor, valid as long as its owner lives.
    package let descriptor: FileDescriptor

    /// Takes ownership of an open descriptor.
    package init(owning descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens a file with `O_CLOEXEC` always set.
    ///
    /// The corresponding C function is `open`.
    /// - Throws: the `errno` of the call.
    package init(
        opening path: FilePath, _ mode: FileDescriptor.AccessMode = .readOnly,
        options: FileDescriptor.OpenOptions = [], permissions: FilePermissions? = nil
    ) throws(Errno) {
        descriptor = try catchingErrno {
            try FileDescriptor.open(path, mode, options: options.union(.closeOnExec), permissions: permissions)
        }
    }

    /// Lends the descriptor to a body, during which it stays open.
    package borrowing func use<Result>(
        _ body: (FileDescriptor) throws(Errno) -> Result
    ) throws(Errno) -> Result {
        try body(descriptor)
    }

    /// Closes the descriptor and reports a write error that only closing shows.
    /// - Throws: the `errno` of `close`; the descriptor is gone all the same.
    package consuming func close() throws(Errno) {
        let descriptor = self.descriptor
        discard self
        try catchingErrno { try descriptor.close() }
    }

    /// Gives the descriptor up without closing it.
    package consuming func release() -> FileDescriptor {
        let descriptor = self.descriptor
        discard self
        return descriptor
    }

    deinit {
        let saved = errno
        try? descriptor.close()
        errno = saved
    }
}

extension Optional where Wrapped == OwnedDescriptor {
    /// The owned descriptor, if any; the owner keeps it.
    package var descriptor: FileDescriptor? {
        switch self {
        case .some(let owner): owner.descriptor
        case .none: nil
        }
    }
}
