import Foundation
import LinuxSystem
import RegistryAccess
import RegistryModel
import SystemPackage
import TestServers
import Testing

/// Types what docs/serving.md tells people to type, with nginx as it prints it.
@Suite(
    "docs/serving.md", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/sbin/nginx")),
    .timeLimit(.minutes(5)))
struct ServingDocumentTests {
    /// The host of the document.
    private static let host = "registry.example.com"

    private static func document() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/serving.md")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// The lines after `$`; what they print is not here.
    private static func commands() throws -> [String] {
        try document().filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
    }

    /// The text of the block for nginx.
    private static func site() throws -> String {
        let lines = try document()
        let start = try #require(lines.firstIndex(of: "```nginx"))
        return lines[(start + 1)...].prefix { $0 != "```" }.joined(separator: "\n")
    }

    /// Runs a line in a folder; `boatyard` is the one that is built beside the tests.
    private static func type(_ line: String, in folder: TestFolder) throws -> String {
        let programs = try ThisProcess.program.removingLastComponent()
        return try Tool.run(
            "bash", ["-euc", "cd \(folder.url.path); PATH=\(programs):$PATH; export HOME=$PWD; \(line)"])
    }

    /// nginx with the printed block, between others and a port of ours.
    private static func nginx(
        _ folder: TestFolder, before served: ServingProcess, _ change: (String) -> String = { $0 }
    ) throws -> (server: ServerProcess, port: Int) {
        let port = try LoopbackPort.free()
        var site = change(try site())
        for (old, new) in [
            ("listen 443", "listen 127.0.0.1:\(port)"), (host, "localhost"),
            ("/etc/ssl/certs/", "\(folder.url.path)/"), ("/etc/ssl/private/", "\(folder.url.path)/"),
            ("/etc/nginx/", "\(folder.url.path)/"), ("127.0.0.1:5000", served.host),
        ] {
            #expect(site.contains(old), "\(old)")
            site = site.replacing(old, with: new)
        }
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map {
            "\($0)_temp_path \(folder.path($0));"
        }
        let all = """
            daemon off; user root; pid \(folder.path("pid")); error_log stderr; events {}
            http { access_log off; \(temporary.joined(separator: " "))
            \(site)
            }
            """
        try all.write(toFile: folder.path("nginx.conf"), atomically: false, encoding: .utf8)
        let server = try ServerProcess(
            script: "keeper.py", ["nginx", "-p", folder.url.path, "-c", folder.path("nginx.conf")])
        for _ in 0..<400 where !LoopbackPort.listens(port) { usleep(50_000) }
        return (server, port)
    }

    /// A folder with an image and a key, as the first command finds it.
    private static func folder() throws -> TestFolder {
        let folder = try TestFolder()
        _ = try type(
            """
            mkdir -p root/boot root/sbin root/etc root/usr/lib/modules/6.1 root/usr/lib/lifeboot; cp /bin/true root/sbin/init
            printf 'ID=test\\nVERSION_ID=7\\n' >root/etc/os-release; head -c 3000000 /dev/urandom >root/usr/lib/data
            printf kernel >root/boot/vmlinuz-6.1; printf initrd >root/boot/initrd.img-6.1
            printf agent >root/usr/lib/lifeboot/lifeboot-init
            boatyard key generate -o .; boatyard image build --from root --key lifeboot.key -o image
            """, in: folder)
        return folder
    }

    @Test("every command does what it says, over TLS by the printed configuration, with accounts and without")
    func commands() throws {
        let folder = try Self.folder()
        let all = try Self.commands()
        // What needs a host with a name needs nginx before it.
        let open = try #require(all.firstIndex { $0.contains("//\(Self.host)") })
        for line in all[..<open] where line != "boatyard serve site" {
            _ = try Self.type(line.replacing(Self.host, with: "localhost"), in: folder)
        }
        #expect(all.contains("boatyard serve site"))
        let served = try ServingProcess(folder.path("site"))
        do {
            let (server, port) = try Self.nginx(folder, before: served)
            for line in all[open...] {
                let line = line.replacing(Self.host, with: "localhost:\(port)")
                let said = try Self.type(line, in: folder)
                #expect(!line.hasPrefix("curl") || said.contains("{\"name\":\"os/appliance\",\"tags\":[\"1\","))
                // Nobody is trusted who was not named; that both images are the same ends with 0.
                let stranger = line.replacing(/--ca(cert)? registry.pem/, with: "")
                #expect(throws: (any Error).self) { try Self.type(stranger, in: folder) }
            }
            #expect(all[open...].contains { $0.hasPrefix("boatyard image diff") })
            try Self.read(port, folder)
            withExtendedLifetime(server) {}
        }
        try Tool.run("htpasswd", ["-Bbc", folder.path("registry.accounts"), "captain", "lifeboat-7"])
        let (server, port) = try Self.nginx(folder, before: served) { $0.replacing("# auth_basic", with: "auth_basic") }
        #expect(throws: (any Error).self) { try Self.read(port, folder) }
        let account = Data("captain:lifeboat-7".utf8).base64EncodedString()
        try "{\"auths\": {\"localhost:\(port)\": {\"auth\": \"\(account)\"}}}".write(
            toFile: folder.path("auth.json"), atomically: false, encoding: .utf8)
        try Self.read(port, folder)
        withExtendedLifetime(server) {}
    }

    /// Reads as a machine does that is told of the authority, and maybe of an account: documents, and ranges of a blob.
    private static func read(_ port: Int, _ folder: TestFolder) throws {
        var configuration = RegistryConfiguration(authFiles: [FilePath(folder.path("auth.json"))])
        configuration.certificateAuthority = FilePath(folder.path("registry.pem"))
        let reference = try ImageReference(parsing: "oci://localhost:\(port)/os/appliance:1")
        var client = try RegistryClient(reference, configuration)
        let manifest = try ImageManifest(parsing: client.resolve())
        let root = try #require(manifest.layers.max { $0.size < $1.size })
        let content = try Data(contentsOf: folder.url.appending(path: "image/root.squashfs"))
        #expect(root.size == content.count)
        var pieces = 0
        let ranges = (0..<8).map { $0 * 300_000..<$0 * 300_000 + 1_000 }
        let answer = try client.read(root, ranges: ranges) { offset, bytes in
            pieces += bytes.count
            #expect(bytes.indices.allSatisfy { bytes[$0] == content[offset + $0] })
        }
        #expect(answer == .complete && pieces == 8_000)
    }
}
