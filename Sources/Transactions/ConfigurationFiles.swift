import LinuxSystem
import RegistryAccess
package import RegistryModel
package import ReleaseModel
import SystemLayout
package import SystemPackage
import YAMLDocuments

/// Reads the configuration of this machine.
package enum ConfigurationFiles {
    /// Reads the files in their order; one that is not there says nothing.
    ///
    /// - Parameter files: for tests.
    /// - Throws: `ConfigurationError` with file, line and column; `SystemError` when a file cannot be read.
    package static func read(_ files: [FilePath] = AgentConfiguration.files) throws -> AgentConfiguration {
        var configuration = AgentConfiguration()
        for file in files {
            guard let bytes = try FileBytes.readIfPresent(file, limit: AgentConfiguration.sizeLimit) else { continue }
            let document: YAMLNode?
            do throws(YAMLError) { document = try YAMLDocument.parse(bytes) } catch {
                throw ConfigurationError(file, mark: error.mark, error.reason)
            }
            if let document { try configuration.apply(document, from: file) }
        }
        return configuration
    }
}

extension AgentConfiguration {
    /// How registries are reached, with what the command line adds.
    ///
    /// - Parameters:
    ///   - authFile: a docker-style file that counts before the others.
    ///   - certificateAuthority: trusted for every registry that names none.
    /// - Throws: `ConfigurationError` for a mirror that is not `host[:port][/prefix]`.
    package func access(
        authFile: FilePath? = nil, certificateAuthority: FilePath? = nil
    ) throws(ConfigurationError) -> RegistryConfiguration {
        var access = RegistryConfiguration()
        for (host, registry) in registries {
            var settings = RegistryConfiguration.Settings()
            settings.certificateAuthority = registry.certificateAuthority
            settings.allowsPlainHTTP = registry.plainHTTP
            settings.authFile = registry.authFile
            for text in registry.mirrors {
                guard let mirror = Mirror(text) else {
                    throw ConfigurationError(
                        "the configuration", mark: nil, "mirror '\(text)' of \(host) is not host[:port][/prefix]")
                }
                settings.mirrors.append(mirror)
            }
            access.registries[host] = settings
        }
        if let authFile { access.authFiles.append(authFile) }
        access.certificateAuthority = certificateAuthority
        access.proxy = proxy
        return access
    }
}
