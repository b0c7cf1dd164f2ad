package import Foundation

/// A registry with what lies in an OCI layout, for tests that only read: Debian's, or ours over the layout itself.
package final class FilledRegistry {
    /// The programs that tests read from.
    package enum Program: String, CaseIterable, Sendable {
        case debian = "docker-registry"
        case ours = "boatyard serve"

        /// Those that are here.
        package static var present: [Program] { ServingProcess.isBuilt ? allCases : [.debian] }
    }

    private enum Server {
        case debian(RegistryServer)
        case ours(ServingProcess)
    }

    private let server: Server
    private let folder: TestFolder
    private let layout: String
    /// The repository that has all of it.
    package let repository: String
    /// `host:port` as references spell it.
    package var host: String {
        switch server {
        case .debian(let server): server.host
        case .ours(let server): server.host
        }
    }

    /// Fills a layout, and starts a registry with all that has a name in it.
    ///
    /// - Parameter fill: gets the path of the layout, which is to be made.
    package init(_ program: Program, repository: String = "os/image", _ fill: (String) throws -> Void) throws {
        folder = try TestFolder()
        self.repository = repository
        layout = folder.path(repository)
        try FileManager.default.createDirectory(
            atPath: URL(filePath: layout).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try fill(layout)
        switch program {
        case .ours: server = .ours(try ServingProcess(folder.url.path))
        case .debian:
            let registry = try RegistryServer()
            try Push(layout: layout, address: "http://\(registry.host)/v2/\(repository)").run()
            server = .debian(registry)
        }
    }

    /// The file of a blob, for tests that damage it.
    ///
    /// - Parameter hex: its SHA-256.
    package func blob(_ hex: String) -> URL {
        switch server {
        case .debian(let server):
            server.data.appending(path: "docker/registry/v2/blobs/sha256/\(hex.prefix(2))/\(hex)/data")
        case .ours: URL(filePath: "\(layout)/blobs/sha256/\(hex)")
        }
    }
}

/// Copies a layout as it is, by what the distribution specification says: skopeo writes no index of signatures unchanged.
private struct Push {
    private struct Index: Decodable {
        struct Entry: Decodable {
            var mediaType: String
            var digest: String
            var annotations: [String: String]?
            var blob: String { digest.replacing(":", with: "/") }
        }

        var manifests: [Entry]?
    }

    let layout: String
    let address: String

    func run() throws {
        for blob in try FileManager.default.contentsOfDirectory(atPath: "\(layout)/blobs/sha256") {
            let script = """
                place=$(curl -sSf -X POST -o /dev/null -D - "$1/blobs/uploads/" | tr -d '\\r' | sed -n 's/^[Ll]ocation: //p')
                curl -sSf -X PUT -H 'Content-Type: application/octet-stream' -T "$2" "$place&digest=sha256:$3"
                """
            try Tool.run("sh", ["-ec", script, "sh", address, "\(layout)/blobs/sha256/\(blob)", blob])
        }
        try push(try entries("index.json"), tagged: true)
    }

    private func entries(_ file: String) throws -> [Index.Entry] {
        try JSONDecoder().decode(Index.self, from: Data(contentsOf: URL(filePath: "\(layout)/\(file)"))).manifests ?? []
    }

    /// What an index lists before the index: docker-registry wants it to be there.
    private func push(_ entries: [Index.Entry], tagged: Bool) throws {
        for entry in entries {
            try push(self.entries("blobs/\(entry.blob)"), tagged: false)
            let tag = tagged ? entry.annotations?["org.opencontainers.image.ref.name"] : nil
            try Tool.run(
                "curl",
                [
                    "-sSf", "-X", "PUT", "-H", "Content-Type: \(entry.mediaType)", "-T",
                    "\(layout)/blobs/\(entry.blob)",
                    "\(address)/manifests/\(tag ?? entry.digest)",
                ])
        }
    }
}
