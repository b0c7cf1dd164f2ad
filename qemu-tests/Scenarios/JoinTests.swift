import Foundation
import Testing

/// Debian packages that each make an account, put together from packages that were built apart.
///
/// It needs no guest: what the image would have runs in the container twin.
@Suite("Packages that each make an account", .enabled(if: wantsEnduranceTests), .timeLimit(.minutes(60)))
struct JoinTests {
    /// Both are small, and their scripts call adduser(8) and give files to the account.
    private static let packages = [("clock", "chrony"), ("traffic", "vnstat")]

    @Test("are refused with the lines to add, and with these have accounts, lists of dpkg and owners that are right")
    func accounts() async throws {
        let harbour = try await InstalledSystem.product("build-harbour")
        try await withScratchDirectory { scratch in
            let layer = "\(scratch)/layer"
            try Self.write(layer, on: harbour)
            let refused = try Self.build(layer, harbour)
            let line = try #require(refused.firstMatch(of: #/Write (accounts: \{[^}]*\}) into boatyard.yaml/#)).1
            for name in ["_chrony", "vnstat", "app/clock", "app/traffic"] { #expect(refused.contains(name)) }

            let file = "\(layer)/boatyard.yaml"
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try "\(text)\(line)\n".write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try Self.build(layer, harbour).contains("there is no initrd"))

            let said = try Self.run(
                """
                dpkg --audit; pwck -r | grep -Ev 'no changes|does not exist'; grpck -r
                find / -xdev -nouser -o -xdev -nogroup
                dpkg --status chrony vnstat | sed -n 's/^Status: //p'
                getent passwd _chrony vnstat | cut -d: -f1,3,4; getent group _chrony vnstat | cut -d: -f1,3
                stat -c '%U:%G %n' /var/lib/chrony /var/lib/vnstat /etc/chrony/chrony.keys
                """, inTwinIn: scratch)
            let numbers = line.matches(of: #/([a-z_]+): ([0-9]+)/#).map { (name: $0.1, number: $0.2) }
            #expect(
                said.split(separator: "\n").map(String.init) == ["install ok installed", "install ok installed"]
                    + numbers.map { "\($0.name):\($0.number):\($0.number)" } + numbers.map { "\($0.name):\($0.number)" }
                    + ["_chrony:_chrony /var/lib/chrony", "vnstat:vnstat /var/lib/vnstat"]
                    + ["root:_chrony /etc/chrony/chrony.keys"])
        }
    }

    /// A layer with two packages, each built on the system of the layer below.
    private static func write(_ layer: String, on harbour: InstalledSystem) throws {
        var files = [
            "boatyard.yaml": """
            format: 1
            name: quay
            layers: [{name: foundation, repository: "oci:\(harbour.directory)/foundation.packages", key: own.pub}]

            """,
            "own.pub": try String(contentsOfFile: "\(harbour.keys)/lifeboot.pub", encoding: .utf8),
            // No initramfs: the image ends with that, and its container twin is there before.
            "derivative.yaml": """
            format: 1
            name: quay
            version: 1.0.0
            packages: [app/clock, app/traffic]
            finalize: [": not dracut"]
            """,
        ]
        for (name, package) in packages {
            files["packages/\(name)/package.yaml"] = """
                format: 1
                name: app/\(name)
                version: 1.0.0
                requires: [system/foundation]
                build:
                  from: {packages: [system/base]}
                  network: true
                  environment: {DEBIAN_FRONTEND: noninteractive}
                  steps: [apt-get update, apt-get install --yes --no-install-recommends \(package)]
                """
        }
        for (name, text) in files {
            let path = URL(fileURLWithPath: layer).appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: path, atomically: false, encoding: .utf8)
        }
    }

    /// Builds the image as far as it goes, and returns what was said.
    private static func build(_ layer: String, _ harbour: InstalledSystem) throws -> String {
        let (status, output) = try HostCommand.outcome(
            of: InstalledSystem.boatyard,
            [
                "image", "build", "--layer", layer, "--key", "\(harbour.keys)/lifeboot.key", "--output",
                "\(layer)/../out", "--container", "\(layer)/../twin", "--cache-dir",
                "\(harbour.directory)/../harbour-builds",
            ], within: .seconds(900))
        #expect(status == 2)
        return String(decoding: output, as: UTF8.self)
    }

    /// Runs a script in the twin's tree, and returns what it says.
    private static func run(_ script: String, inTwinIn scratch: String) throws -> String {
        try HostCommand.finish(
            "umoci", ["unpack", "--image", "\(scratch)/twin:1.0.0", "\(scratch)/bundle"], within: .seconds(300))
        let inRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/../guest/in-root"
        return try HostCommand.finish(inRoot, ["\(scratch)/bundle/rootfs", "sh", "-c", script])
    }
}
