package import SystemPackage

/// Says how registries are reached; made of configuration files and options, holds nothing secret.
package struct RegistryConfiguration: Equatable, Sendable {
    /// What is special about one registry.
    package struct Settings: Equatable, Sendable {
        /// A PEM file with the certificate authorities to trust for it, instead of the system's.
        package var certificateAuthority: FilePath?
        /// Whether it may be spoken to without TLS.
        package var allowsPlainHTTP = false
        /// Where else its repositories are, in the order of asking; the registry itself comes last.
        package var mirrors: [Mirror] = []
        /// The docker-style file with its credentials.
        package var authFile: FilePath?

        /// Describes a registry that has nothing special.
        package init() {}
    }

    /// The registries that were configured, by `host[:port]` as `RegistryHost.description` writes it.
    package var registries: [String: Settings]
    /// The docker-style files with credentials for all registries; the last that names a repository counts.
    ///
    /// One that does not exist is passed over.
    package var authFiles: [FilePath]
    /// The docker-style file that somebody named for this operation; it counts before the registries' own and the others.
    ///
    /// When it does not exist nobody is asked: that is an error.
    package var chosenAuthFile: FilePath?
    /// The PEM file with authorities to trust that somebody named for this operation; it counts before all others.
    ///
    /// When it does not exist nobody is asked: that is an error.
    package var chosenCertificateAuthority: FilePath?
    /// A PEM file with authorities to trust for every registry that names none; nil for the system's.
    package var certificateAuthority: FilePath?
    /// The proxy to use, `http://host:port`; nil for what the environment says.
    package var proxy: String?

    /// Where credentials are looked for when nobody says where.
    package static let standardAuthFiles: [FilePath] = ["/etc/lifeboot/auth.json", "/oem/auth.json"]

    /// Configures registries.
    package init(registries: [String: Settings] = [:], authFiles: [FilePath] = standardAuthFiles) {
        self.registries = registries
        self.authFiles = authFiles
    }

    /// The settings of a registry, with what holds for all.
    package func settings(for host: RegistryHost) -> Settings {
        var settings = registries[host.description] ?? Settings()
        settings.certificateAuthority =
            chosenCertificateAuthority ?? settings.certificateAuthority ?? certificateAuthority
        return settings
    }
}

/// Names a place that holds copies of a registry's repositories: `host[:port][/prefix]`.
package struct Mirror: Hashable, Sendable, CustomStringConvertible {
    /// The registry with the copies.
    package var registry: RegistryHost
    /// What comes before the repository's own name there; empty for nothing.
    package var prefix: String

    /// `host[:port][/prefix]`.
    package var description: String { prefix.isEmpty ? registry.description : "\(registry)/\(prefix)" }

    /// Reads `host[:port][/prefix]`; nil for anything else.
    package init?(_ text: String) {
        let host = text.prefix { $0 != "/" }
        guard let registry = RegistryHost(String(host)) else { return nil }
        let rest = text.dropFirst(host.count)
        prefix = String(rest.dropFirst())
        guard rest.isEmpty || ImageReference.isRepository(prefix) else { return nil }
        self.registry = registry
    }

    /// The reference to the copy of an image.
    package func reference(to original: ImageReference) -> ImageReference {
        var copy = original
        copy.registry = registry
        if !prefix.isEmpty { copy.repository = "\(prefix)/\(original.repository)" }
        return copy
    }
}
