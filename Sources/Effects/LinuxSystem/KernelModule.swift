import CLinux
import Glibc
package import SystemPackage

/// Loads modules into the kernel.
package enum KernelModule {
    /// What became of one.
    package enum Outcome: Equatable, Sendable {
        /// It is there now.
        case loaded
        /// It was there already.
        case present
        /// It found nothing that it is for: a processor without its instructions, a machine without its device.
        case notForThisMachine
    }

    /// The largest module that is searched for the kernel that it was made for, in bytes.
    private static let limit = 64 << 20

    /// Loads the module in a file; returns when its own start has ended, which is before its devices are there.
    ///
    /// One whose name ends with `.xz`, `.zst` or `.gz` is decompressed by the kernel (Linux 5.17).
    ///
    /// The corresponding C function is `finit_module`.
    ///
    /// - Parameter parameters: as `NAME=VALUE` with blanks between.
    /// - Throws: `SystemError` with what the kernel does not like.
    package static func load(_ file: FilePath, parameters: String) throws(SystemError) -> Outcome {
        let isCompressed = file.extension != "ko"
        do throws(Errno) {
            let owner = try OwnedDescriptor(opening: file, .readOnly)
            _ = try owner.use { (file) throws(Errno) in
                try systemCall { unsafe clinux_load_module(file.rawValue, parameters, isCompressed ? 1 : 0) }
            }
            return .loaded
        } catch {
            switch error {
            case .fileExists: return .present
            case .operationNotSupportedByDevice, .noSuchAddressOrDevice: return .notForThisMachine
            default: throw failure(file, error, isCompressed)
            }
        }
    }

    static func failure(_ file: FilePath, _ errno: Errno, _ isCompressed: Bool) -> SystemError {
        let again = "Make the initramfs again for the kernel \(KernelNames.release)."
        return switch errno {
        case .execFormatError, .invalidArgument:
            SystemError("loading the module", file.string, errno, cause: madeFor(file, isCompressed), remedy: again)
        case .noSuchFileOrDirectory:
            SystemError(
                "loading the module", file.string, errno,
                cause: "it is not there, or uses a symbol that no module and not this kernel has", remedy: again)
        case .notPermitted:
            SystemError(
                "loading the module", file.string, errno, cause: "the kernel keeps it out",
                remedy: "Take it out of module_blacklist= if it is needed; see the kernel log.")
        case Errno(rawValue: EKEYREJECTED), Errno(rawValue: ENOKEY), Errno(rawValue: EBADMSG):
            SystemError(
                "loading the module", file.string, errno, cause: "the kernel does not trust its signature",
                remedy: "Use the modules that came with this kernel, or sign it with a key that the kernel has.")
        default: .file("loading the module", file, errno)
        }
    }

    /// What is wrong with a file that the kernel does not take for a module.
    private static func madeFor(_ file: FilePath, _ isCompressed: Bool) -> String {
        let marker = Array("vermagic=".utf8)
        guard !isCompressed, let bytes = try? FileBytes.read(file, limit: limit),
            let place = bytes.indices.first(where: { bytes[$0...].starts(with: marker) })
        else { return isCompressed ? "this kernel cannot decompress it, or it is damaged" : "it is damaged" }
        let rest = bytes[(place + marker.count)...].prefix(200)
        let words = String(decoding: rest.prefix { $0 != 0 }, as: UTF8.self)
        let release = words.prefix { $0 != " " }
        return release == KernelNames.release
            ? "it is damaged, or has other settings than this kernel (\(words))"
            : "it was made for the kernel \(release), and \(KernelNames.release) runs"
    }
}
