import Cryptography
import Foundation
import GrubEnvironment
import ImageModel
import ImageSources
import InstalledSystem
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import TestMachines
import Testing
import TransactionPlanning

@testable import Transactions

@Suite("An upgrade from a folder")
struct UpgradeFromFolderTests {
    @Test("an image from a folder goes all the way into the roles, and nothing is fetched twice")
    func upgrade() throws {
        let key = try SigningKey()
        let scene = try UpgradeScene()
        let image = scene.images[2]
        let folder = scene.path("media")
        try image.write(folder)
        let file = SignatureFile(signatures: [try key.sign(image.bytes)])
        try scene.folder.write(String(decoding: file.serialized(), as: UTF8.self), to: "media/manifest.sig")
        let sources = ImageSources(
            configuration: AgentConfiguration(), access: RegistryConfiguration(),
            keys: [TrustedKey(name: "vendor.pem", key: try key.publicKey())],
            machine: MachineTraits(architecture: "amd64", agent: AgentVersion(0, 1, 0)))
        let resolved = try sources.resolve(SourceRequest("dir:\(folder)"), for: "upgrading to")
        let candidate = resolved.candidate
        let plan = try scene.plan { $0.candidate = candidate }
        var effects = UpgradeEffects(
            machine: FakeOperationMachine(root: scene.folder.path, faults: scene.faults, store: scene.store),
            supplier: resolved, hooks: HookRunner(isStrict: true, folders: []), running: scene.running)
        var events: [TransactionEvent] = []
        let result = try UpgradeSequence.run(plan, &effects) { events.append($0) }
        #expect(result.image == image.id && result.warnings == [])
        #expect(scene.store.current.active == image.id && scene.store.current.recovery == image.id)
        try scene.checkWhole("an upgrade from a folder")
        let names = try scene.folder.names("state/images/\(image.id)")
        #expect(
            names == [
                "boot.sha256", "initrd.img", "kernel.env", "manifest.json", "manifest.sig", "root.squashfs", "vmlinuz",
            ])
    }
}
