import ArgumentParser
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage

/// Holds how registries are reached.
struct RegistryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A docker-style file with credentials (default: where docker and skopeo keep theirs).", valueName: "file"),
        completion: .file())
    var authFile: String?
    @Option(
        help: ArgumentHelp("The certificate authorities to trust, PEM (default: the system's).", valueName: "file"),
        completion: .file())
    var ca: String?
    @Option(
        help: ArgumentHelp(
            "A registry that may be spoken to without TLS; loopback always may. As often as needed.",
            valueName: "host:port"))
    var plainHttp: [String] = []

    func validate() throws {
        for host in plainHttp where RegistryHost(host) == nil {
            throw ValidationError("--plain-http '\(host)': expected a host, with a port when it has one")
        }
    }

    /// The configuration that the options and the environment make.
    func configuration() -> RegistryConfiguration {
        var configuration = RegistryConfiguration(
            authFiles: authFile == nil ? Self.authFiles(ThisProcess.variable) : [])
        configuration.chosenAuthFile = authFile.map { FilePath($0) }
        configuration.certificateAuthority = ca.map { FilePath($0) }
        configuration.chosenCertificateAuthority = configuration.certificateAuthority
        for host in plainHttp {
            var settings = RegistryConfiguration.Settings()
            settings.allowsPlainHTTP = true
            configuration.registries[RegistryHost(host)?.description ?? host] = settings
        }
        return configuration
    }

    /// Where docker and skopeo keep credentials, least important first (containers-auth.json(5)).
    static func authFiles(_ variable: (String) -> String?) -> [FilePath] {
        if let file = variable("REGISTRY_AUTH_FILE") { return [FilePath(file)] }
        var files: [FilePath] = []
        if let home = variable("HOME") {
            files += [
                FilePath(home).appending(".docker/config.json"),
                FilePath(home).appending(".config/containers/auth.json"),
            ]
        }
        if let folder = variable("XDG_RUNTIME_DIR") { files.append(FilePath(folder).appending("containers/auth.json")) }
        return files
    }
}

/// Names a place to publish to: a tag of a repository, or a name in an OCI layout.
enum Destination: Equatable {
    /// A registry; the tag is never missing.
    case registry(ImageReference, tag: String)
    /// A layout; the name is never missing.
    case layout(SourceReference.Entry, tag: String)

    /// Reads `oci://host/repository[:tag]` or `oci:PATH:name`.
    ///
    /// - Throws: `ValidationError` for other sources and for a digest, `RegistryModelError` for what is no reference.
    init(_ text: String) throws {
        switch try SourceReference(typed: text) {
        case .registry(let reference) where reference.digest == nil:
            self = .registry(reference, tag: reference.tag ?? ImageReference.defaultTag)
        case .layout(let entry) where entry.digest == nil:
            guard let tag = entry.tag else {
                throw ValidationError("'\(text)': write a name behind the path, oci:PATH:NAME")
            }
            self = .layout(entry, tag: tag)
        case .registry, .layout: throw ValidationError("'\(text)': a digest cannot be published to, only a tag")
        default: throw ValidationError("'\(text)': write oci://host/repository:tag, or oci:PATH:NAME for a layout")
        }
    }

    /// Opens it; a layout is made where there is none.
    ///
    /// - Throws: `RegistryError` for credentials that cannot be read, and for a folder that is no layout.
    func open(_ configuration: RegistryConfiguration) throws -> AnyTarget {
        switch self {
        case .registry(let reference, _):
            AnyTarget(try RegistryClient(reference, configuration, userAgent: "boatyard"))
        case .layout(let entry, _): AnyTarget(try LayoutTarget(entry))
        }
    }

    /// The name without the tag, for payloads of signatures.
    var name: String {
        switch self {
        case .registry(let reference, _): reference.name
        case .layout(let entry, _): entry.path.string
        }
    }

    /// What people type to get exactly this.
    func pinned(_ digest: String) -> String {
        switch self {
        case .registry(let reference, _): "oci://\(reference.name)@\(digest)"
        case .layout(let entry, _): "oci:\(entry.path)@\(digest)"
        }
    }

    /// The tag or name.
    var tag: String {
        switch self {
        case .registry(_, let tag), .layout(_, let tag): tag
        }
    }
}
