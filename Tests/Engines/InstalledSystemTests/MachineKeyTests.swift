import Cryptography
import Foundation
import ImageModel
import InstalledSystem
import SystemPackage
import TestMachines
import Testing
import Transactions

@Suite("The machine's key")
struct MachineKeyTests {
    let folder: TestFolder
    let manifest = Array("{}".utf8)
    let image = "0123456789abcdef"

    init() throws {
        folder = try TestFolder()
        for place in ["state", "recovery"] {
            try folder.write("{}", to: "\(place)/images/\(image)/manifest.json")
        }
    }

    private func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder.path.appending(name).string)))
    }

    /// Whether the image on a partition is signed by the key that lies there.
    private func holds(_ place: String, _ name: String? = nil) throws -> Bool {
        let key = try PublicKey(pem: try read("\(place)/lifeboot/machine.pem"))
        let file = try SignatureFile(parsing: try read("\(place)/images/\(name ?? image)/local.sig"))
        return try file.signatures.contains { try key.verify(signature: $0, of: manifest) == .valid }
    }

    private func sign(_ place: String) throws {
        let state = folder.path.appending("state")
        try MachineKey.sign(manifest, in: folder.path.appending("\(place)/images/\(image)"), state: state)
        try MachineKey.publish(from: state, to: folder.path.appending(place))
    }

    @Test("it is made once, and signs what both partitions then accept")
    func once() throws {
        try sign("state")
        let key = try read("state/lifeboot/machine-key.pem")
        try sign("recovery")
        #expect(try read("state/lifeboot/machine-key.pem") == key)
        #expect(try holds("state") && holds("recovery"))
    }

    @Test(
        "when it was lost, images of the former key are signed anew before its public half goes",
        arguments: [true, false])
    func lost(_ keepsPublicHalf: Bool) throws {
        try sign("state")
        try sign("recovery")
        try FileManager.default.removeItem(atPath: folder.path.appending("state/lifeboot/machine-key.pem").string)
        if !keepsPublicHalf {
            try FileManager.default.removeItem(atPath: folder.path.appending("state/lifeboot/machine.pem").string)
        }
        try sign("state")
        #expect(try holds("state") && holds("recovery"))
        try MachineKey.publish(from: folder.path.appending("state"), to: folder.path.appending("recovery"))
        #expect(try holds("recovery"))
        #expect(try read("recovery/lifeboot/machine.pem") == read("state/lifeboot/machine.pem"))
    }

    @Test("the public half of another key gives way to that of the key that signs, and what it signed keeps holding")
    func foreignPublicHalf() throws {
        try sign("state")
        let (other, state) = ("fedcba9876543210", folder.path.appending("state"))
        let key = try SigningKey()
        let signature = SignatureFile(signatures: [try key.sign(manifest)]).serialized()
        let pem = String(decoding: try key.publicKey().pem(), as: UTF8.self)
        try folder.write(pem, to: "state/lifeboot/machine.pem")
        try folder.write("{}", to: "state/images/\(other)/manifest.json")
        try folder.write(String(decoding: signature, as: UTF8.self), to: "state/images/\(other)/local.sig")
        try MachineKey.sign(manifest, in: state.appending("images/\(image)"), state: state)
        #expect(try holds("state"))
        #expect(try holds("state", other))
    }

    @Test("an image that the former key did not sign is not signed by the new one")
    func strangers() throws {
        try sign("recovery")
        let foreign = SignatureFile(signatures: [try SigningKey().sign(manifest)]).serialized()
        try folder.write(String(decoding: foreign, as: UTF8.self), to: "recovery/images/\(image)/local.sig")
        try FileManager.default.removeItem(atPath: folder.path.appending("state/lifeboot").string)
        try sign("state")
        try MachineKey.publish(from: folder.path.appending("state"), to: folder.path.appending("recovery"))
        #expect(try !holds("recovery"))
    }
}
