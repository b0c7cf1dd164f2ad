import DocumentTree
import ImageAssembly
package import ImageFolders
package import ImageModel
import LinuxSystem
import RegistryAccess
package import RegistryModel
package import ReleaseModel
package import SystemPackage
package import TransactionPlanning
import YAMLDocuments

/// Reads the configuration of this machine.
package enum ConfigurationFiles {
    /// Reads the files in their order; one that is not there says nothing.
    ///
    /// The first is the image's. What its policy refuses no later file can allow. In a sealed system a later file counts
    /// only with a signature of an image key beside it.
    ///
    /// - Parameters:
    ///   - files: for tests.
    ///   - seal: for tests.
    /// - Returns: what all of them say; `notes` has what does not count.
    /// - Throws: `ConfigurationError` with file, line and column; `SystemError` when a file cannot be read.
    package static func read(
        _ files: [FilePath] = AgentConfiguration.files, seal: SystemSeal = SystemSeal()
    ) throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        var image = AgentConfiguration()
        image.policy = .unrestricted
        for (number, file) in files.enumerated() {
            guard let bytes = try FileBytes.readIfPresent(file, limit: AgentConfiguration.sizeLimit),
                try number == 0 || counts(bytes, file, seal, &configuration), let document = try document(bytes, file)
            else { continue }
            if number == 0 { try image.apply(document, from: file) }
            try configuration.apply(document, from: file)
            let loosened = configuration.policy.keepRefused(image.policy)
            configuration.notes += loosened.map { "\(file): policy.\($0) stays refuse, as the image says" }
        }
        if seal.isSealed { configuration.policy.seal() }
        return configuration
    }

    private static func document(_ bytes: [UInt8], _ file: FilePath) throws(ConfigurationError) -> DocumentNode? {
        do throws(DocumentError) { return try YAMLDocument.parse(bytes) } catch {
            throw ConfigurationError(file, mark: error.mark, error.reason)
        }
    }

    /// Whether a file counts that others than the image's publisher can write; the reason why not becomes a note.
    private static func counts(
        _ bytes: [UInt8], _ file: FilePath, _ seal: SystemSeal, _ configuration: inout AgentConfiguration
    ) throws -> Bool {
        guard seal.isSealed else { return true }
        do {
            let signature = try FileBytes.readIfPresent(
                SystemSeal.signature(of: file), limit: ImageFile.signature.sizeLimit)
            try seal.check(bytes, signature: signature, of: file)
            return true
        } catch {
            configuration.notes.append("\(file) does not count in a sealed system: \(error)")
            return false
        }
    }
}

extension AgentConfiguration {
    /// How registries are reached, with what the command line adds.
    ///
    /// - Parameters:
    ///   - authFile: a docker-style file that counts before the others.
    ///   - certificateAuthority: trusted for every registry, whatever the configuration names.
    /// - Throws: `ConfigurationError` for a registry that is not `host[:port]` and a mirror that is not
    ///   `host[:port][/prefix]`.
    package func access(
        authFile: FilePath? = nil, certificateAuthority: FilePath? = nil
    ) throws(ConfigurationError) -> RegistryConfiguration {
        var access = RegistryConfiguration()
        for (name, registry) in registries {
            guard let host = RegistryHost(name) else {
                throw ConfigurationError("the configuration", mark: nil, "registry '\(name)' is not host[:port]")
            }
            // Not the text of the file: registries are looked up by this spelling, in lower case.
            access.registries[host.description] = try registry.settings(of: host)
        }
        access.chosenAuthFile = authFile
        access.chosenCertificateAuthority = certificateAuthority
        access.proxy = proxy
        return access
    }
}

extension AgentConfiguration.Registry {
    /// How the registry is reached; the host is for messages.
    fileprivate func settings(of host: RegistryHost) throws(ConfigurationError) -> RegistryConfiguration.Settings {
        var settings = RegistryConfiguration.Settings()
        settings.certificateAuthority = certificateAuthority
        settings.allowsPlainHTTP = plainHTTP
        settings.authFile = authFile
        for text in mirrors {
            guard let mirror = Mirror(text) else {
                throw ConfigurationError(
                    "the configuration", mark: nil, "mirror '\(text)' of \(host) is not host[:port][/prefix]")
            }
            settings.mirrors.append(mirror)
        }
        return settings
    }
}

extension MachineTraits {
    /// What an image has to fit on the machine that this program runs on.
    ///
    /// - Parameter board: what the configuration says; nil asks the firmware.
    package init(ofThisMachineFor agent: AgentVersion, board: String? = nil) {
        self.init(architecture: ImageArchitecture.host, board: board ?? Self.board(), agent: agent)
    }

    /// The board's name as the firmware says it; nil when it says none.
    package static func board() -> String? {
        for file in ["/sys/class/dmi/id/board_name", "/proc/device-tree/compatible"] as [FilePath] {
            guard let bytes = (try? FileBytes.readIfPresent(file, limit: 4096)) ?? nil else { continue }
            let name = String(decoding: bytes.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self)
            if !name.isEmpty { return name }
        }
        return nil
    }
}
