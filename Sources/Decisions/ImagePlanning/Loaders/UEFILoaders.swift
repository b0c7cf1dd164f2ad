package import Faults

/// Says why the programs of an image do not start a machine.
package typealias LoaderError = Fault<LoaderFault>

/// Names what is wrong with programs for UEFI.
package enum LoaderFault: FaultKind {
    /// One of two that need each other is missing, or is another program.
    case incomplete
    /// One that the other refuses.
    case refused
}

extension LoaderError {
    fileprivate init(_ kind: LoaderFault, _ name: String, _ cause: String) {
        self.init(
            kind, "using", "the loader \(name) of the image", cause: cause,
            remedy: "Put shim and GRUB of one release of the distribution into /usr/lib/lifeboot/grub, or neither; see "
                + "docs/secure-boot.md.")
    }
}

/// The programs for UEFI that a disk or a medium starts with: the pair that a distribution has had signed, or GRUB of our own
/// making.
package struct UEFILoaders: Equatable, Sendable {
    /// A file on the partition that firmware reads.
    package struct File: Equatable, Sendable {
        /// What it is for.
        package var file: LoaderFile
        /// Its path there.
        package var path: String
        /// Its content.
        package var bytes: [UInt8]
    }

    /// All of them, in the order in which they are written: what firmware starts comes last.
    package let files: [File]
    /// Whether it is the distribution's pair.
    package let isPair: Bool

    /// GRUB of our own making.
    package init(own program: [UInt8], names: LoaderNames = .x64) {
        files = [File(file: .firmware, path: "\(LoaderFile.folder)/\(names.firmware)", bytes: program)]
        isPair = false
    }

    /// The pair in a folder of an image; nil when there is neither of the two.
    ///
    /// - Parameters:
    ///   - configuration: what the distribution's GRUB is to read where it looks for its configuration.
    ///   - read: gives the content of a file in the folder; nil when it is not there.
    /// - Throws: `LoaderError` when one is missing, is another program or is refused by the other; whatever `read` throws.
    package init?(configuration: [UInt8], read: (_ name: String) throws -> [UInt8]?) throws {
        for names in LoaderNames.all {
            let (shim, grub) = (try read(names.shim), try read(names.grub))
            guard shim != nil || grub != nil else { continue }
            guard let shim else { throw LoaderError(.incomplete, names.shim, "it is missing beside \(names.grub)") }
            guard let grub else { throw LoaderError(.incomplete, names.grub, "it is missing beside \(names.shim)") }
            let prefix = try Self.prefix(shim, grub, names)
            var files = [File(file: .configuration, path: "\(prefix)/grub.cfg", bytes: configuration)]
            let programs: [(LoaderFile, String, [UInt8]?)] = [
                (.manager, names.manager, try read(names.manager)), (.grub, names.grub, grub),
                (.firmware, names.firmware, shim),
            ]
            for (file, name, bytes) in programs {
                if let bytes { files.append(File(file: file, path: "\(LoaderFile.folder)/\(name)", bytes: bytes)) }
            }
            (self.files, isPair) = (files, true)
            return
        }
        return nil
    }

    /// Where GRUB of a pair looks for its configuration.
    private static func prefix(_ shim: [UInt8], _ grub: [UInt8], _ names: LoaderNames) throws(LoaderError) -> String {
        guard let shim = EFIProgram(shim), shim.isShim, shim.machine == names.machine, shim.isSigned else {
            throw LoaderError(.incomplete, names.shim, "it is no signed shim for \(names.machine)")
        }
        guard let grub = EFIProgram(grub), let prefix = grub.grubPrefix, grub.machine == names.machine, grub.isSigned
        else { throw LoaderError(.incomplete, names.grub, "it is no signed GRUB for \(names.machine)") }
        // Where the folder is another one on each disk, nothing can be put there.
        guard prefix.hasPrefix("/"), !prefix.hasSuffix("/") else {
            throw LoaderError(
                .incomplete, names.grub, "it looks for its configuration in '\(prefix)', which is no folder")
        }
        let shortfalls = SBATLevels(demandedBy: shim).map { SBATLevels(of: grub).shortfalls(of: $0) } ?? []
        guard shortfalls.isEmpty else {
            let list = shortfalls.joined(separator: ", ")
            throw LoaderError(.refused, names.grub, "\(names.shim) refuses its generation: \(list)")
        }
        return prefix
    }

    /// A configuration that leads the distribution's GRUB to ours, on the disk that it was loaded from.
    package static let diskConfiguration = Array(
        """
        # Leads the GRUB that a distribution has had signed, which looks here, to the configuration of this disk.
        set prefix=($root)/grub
        source $prefix/grub.cfg

        """.utf8)

    /// The folders that the files need, each after the one that it lies in.
    package var folders: [String] {
        var folders: [String] = []
        for file in files {
            let parts = file.path.split(separator: "/").dropLast()
            for count in 1...parts.count {
                let folder = parts.prefix(count).map { "/\($0)" }.joined()
                if !folders.contains(folder) { folders.append(folder) }
            }
        }
        return folders
    }
}
