import HTTPTransfer
import ImageModel
import RegistryModel

/// A place that may have the repository: a mirror, or the registry that the reference names.
struct RegistryEndpoint: Equatable {
    /// The repository at this place.
    let reference: ImageReference
    /// Where its addresses begin: `https://host:port/v2/`.
    let base: HTTPAddress
    /// Whether it is the registry itself, whose word is the last.
    let isOrigin: Bool
    /// What proves to it who asks.
    let credentials: Credentials?

    /// The places in the order of asking.
    ///
    /// - Throws: `RegistryError` (`local`) for credentials files that cannot be read.
    static func all(
        for reference: ImageReference, _ configuration: RegistryConfiguration
    ) throws(RegistryError) -> [RegistryEndpoint] {
        var places: [RegistryEndpoint] = []
        for mirror in configuration.settings(for: reference.registry).mirrors {
            places.append(try RegistryEndpoint(mirror.reference(to: reference), configuration, isOrigin: false))
        }
        return places + [try RegistryEndpoint(reference, configuration, isOrigin: true)]
    }

    private init(
        _ reference: ImageReference, _ configuration: RegistryConfiguration, isOrigin: Bool
    ) throws(RegistryError) {
        let scheme = configuration.usesPlainHTTP(for: reference.registry) ? "http" : "https"
        self.reference = reference
        self.isOrigin = isOrigin
        credentials = try CredentialFiles.credentials(for: reference, configuration)
        do throws(HTTPError) {
            base = try HTTPAddress("\(scheme)://\(reference.registry.endpoint)/v2/")
        } catch {
            throw RegistryError(error, "asking", reference.name)
        }
    }

    /// The address of something in the repository: `manifests/latest`.
    func address(_ path: String) throws(HTTPError) -> HTTPAddress {
        try HTTPAddress("\(base.text)\(reference.repository)/\(path)")
    }
}

extension RegistryConfiguration {
    /// Whether a registry is asked by plain HTTP: it was configured so, or it is on this machine and no certificate
    /// authority is named for it.
    func usesPlainHTTP(for host: RegistryHost) -> Bool {
        let settings = settings(for: host)
        return settings.allowsPlainHTTP || (host.isLoopback && settings.certificateAuthority == nil)
    }

    /// The same, as the transfer knows it.
    var httpSettings: HTTPSettings {
        var http = HTTPSettings()
        http.proxy = proxy
        http.authorityFile = chosenCertificateAuthority ?? certificateAuthority
        for (name, settings) in registries {
            guard let host = RegistryHost(name)?.endpoint else { continue }
            if settings.allowsPlainHTTP { http.plainAuthorities.insert("\(host.name):\(host.port ?? 80)") }
            if chosenCertificateAuthority == nil, let file = settings.certificateAuthority {
                http.authorityFiles["\(host.name):\(host.port ?? 443)"] = file
            }
        }
        return http
    }
}
