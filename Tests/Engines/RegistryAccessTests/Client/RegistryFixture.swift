import Cryptography
import Foundation
import HTTPTransfer
import ImageModel
import RegistryModel
import SystemPackage
import TestServers

@testable import RegistryAccess

/// Stops a transfer, as Ctrl-C would.
struct Stop: Error {}

/// Reproducible bytes.
func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<count).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state)
    }
}

/// Describes bytes as a blob.
func descriptor(_ content: [UInt8]) throws -> Descriptor {
    Descriptor(
        mediaType: "application/octet-stream", digest: try SHA256Hasher.digest(of: content), size: content.count)
}

/// Pauses that no test has to wait for.
var quick: RetryPolicy {
    var policy = RetryPolicy()
    policy.firstPause = .milliseconds(5)
    return policy
}

/// A client of a server on this machine.
func client(
    _ host: String, tag: String? = "latest", digest: Digest? = nil,
    _ change: (inout RegistryConfiguration) -> Void = { _ in }
) throws -> RegistryClient {
    var configuration = RegistryConfiguration(authFiles: [])
    change(&configuration)
    guard let registry = RegistryHost(host) else { throw Stop() }
    let reference = ImageReference(registry: registry, repository: "os/image", tag: tag, digest: digest)
    var client = try RegistryClient(reference, configuration)
    client.retries = quick
    return client
}

func client(_ server: ScriptedServer, tag: String? = "latest", digest: Digest? = nil) throws -> RegistryClient {
    try client("127.0.0.1:\(server.port)", tag: tag, digest: digest)
}

/// What a body throws, as an error of the client.
func failure(_ body: () throws -> Void) -> RegistryError? {
    do {
        try body()
        return nil
    } catch {
        return error as? RegistryError
    }
}

extension ScriptedServer.Rule {
    /// Serves a blob of the test repository.
    static func blob(
        _ content: [UInt8], _ blob: Descriptor, _ change: (inout ScriptedServer.Rule) -> Void = { _ in }
    ) -> ScriptedServer.Rule {
        ScriptedServer.Rule("/v2/os/image/blobs/\(blob.digest.registryText)") {
            $0.base64 = Base64.encode(content)
            change(&$0)
        }
    }

    /// Serves a manifest of the test repository.
    static func manifest(
        _ name: String, _ text: String, _ change: (inout ScriptedServer.Rule) -> Void = { _ in }
    ) -> ScriptedServer.Rule {
        ScriptedServer.Rule("/v2/os/image/manifests/\(name)") {
            $0.body = text
            $0.headers = ["Content-Type": MediaType.manifest]
            change(&$0)
        }
    }
}
