import Cryptography
import Foundation
import ImageFolders
import ImageModel
import LinuxSystem
import RegistryModel
import SystemPackage
import Testing

@testable import ImageBuilding

/// Owns a folder with a small root filesystem, packed in several ways, and a key.
final class ImageYard {
    let path: String
    let key: SigningKey

    /// Makes what every system has; more commands may follow in `root`.
    init(_ more: String = "") throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "yard-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.path = path
        key = try ImageKeys.signingKeyMade(in: FilePath(path).appending("keys"))
        try run(
            """
            mkdir -p root/boot root/sbin root/etc root/usr/bin "root/usr/share/ä"; cd root
            printf 'ID=test\\nVERSION_ID="7"\\n' > etc/os-release; cp /bin/true sbin/init
            printf kernel > boot/vmlinuz-6.1-2; printf initrd > boot/initrd.img-6.1-2; printf old > boot/vmlinuz-6.1-1
            ln -s boot/vmlinuz-6.1-2 vmlinuz; ln sbin/init usr/bin/true; printf x > usr/share/ä/ü; touch -d @86400 etc
            head -c 300000 /dev/urandom > usr/share/data; mkfifo pipe; chmod 4755 usr/bin/true
            mkdir -p usr/lib/modules/6.1-2 usr/lib/lifeboot; printf agent > usr/lib/lifeboot/lifeboot-init
            \(more)
            cd ..; tar -C root --numeric-owner --sort=name -cf root.tar .
            """)
    }

    @discardableResult
    func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: FilePath(path), output: .capture(atMost: 1 << 20),
            timeout: .seconds(60)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    func file(_ name: String) -> FilePath { FilePath(path).appending(name) }

    @discardableResult
    func build(
        _ rootfs: String = "root.tar", to output: String = "out", _ change: (inout ImageRequest) -> Void = { _ in }
    ) throws -> ImageBuildResult {
        let now = try #require(UTCTime(seconds: 2_000_000_000))
        var request = ImageRequest(rootfs: file(rootfs), output: file(output), now: now)
        request.sourceDate = UTCTime(seconds: 1_000_000_000)
        change(&request)
        return try ImageBuilder.build(request, key: key)
    }

    func verify(_ image: String = "out") throws -> [String] {
        try ImageVerifier.verify(ImageFolder(file(image)), key: key.publicKey()).filter { $0.fault != nil }
            .map(\.subject)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension ImageKeys {
    /// Makes a pair and reads it back from its files.
    fileprivate static func signingKeyMade(in folder: FilePath) throws -> SigningKey {
        let publicKey = try generate(in: folder)
        let key = try signingKey(folder.appending(privateName))
        #expect(try key.publicKey() == publicKey)
        #expect(try Self.publicKey(folder.appending(publicName)) == publicKey)
        return key
    }
}

let hasImageTools = ["/usr/bin/unsquashfs", "/usr/sbin/veritysetup"]
    .allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
