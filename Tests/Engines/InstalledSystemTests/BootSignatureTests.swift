import Cryptography
import ImageFolders
import ImageModel
import SystemPackage
import TestMachines
import Testing

@testable import InstalledSystem

@Suite("The key that the initramfs has to find beside an image")
struct BootSignatureTests {
    let folder: TestFolder
    let image: FakeImage

    init() throws {
        folder = try TestFolder()
        image = try #require(try FakeImage.all.get().first)
    }

    private func stage(in store: String) throws -> DeployableImage {
        let path = folder.path.appending("\(store)/images/.staging-1")
        try image.write(path)
        return DeployableImage(id: image.id, manifest: image.manifest, directory: path)
    }

    private func boots(_ store: String) -> Bool {
        let path = folder.path.appending("\(store)/images/.staging-1")
        return (try? ImageVerification.manifest(in: path, expected: image.id, keys: [], local: .allow)) != nil
    }

    @Test("a publisher's image gets nothing")
    func publisher() throws {
        try ImageStore(folder.path.appending("recovery"))
            .adopt(try stage(in: "recovery"), .publisher, state: folder.path.appending("state"))
        #expect(try folder.names("recovery") == ["images"] && !boots("recovery"))
    }

    @Test("this machine's image boots from either store, and the private half stays on the state partition")
    func machine() throws {
        for store in ["state", "recovery"] {
            try ImageStore(folder.path.appending(store))
                .adopt(try stage(in: store), .thisMachine, state: folder.path.appending("state"))
            #expect(boots(store))
        }
        #expect(try folder.names("state/lifeboot") == ["machine-key.pem", "machine.pem"])
        #expect(try folder.names("recovery/lifeboot") == ["machine.pem"])
    }

    @Test("a copy brings the key of where it was, if a machine's key signed it", arguments: [true, false])
    func copy(_ isLocal: Bool) throws {
        let source = folder.path.appending("state")
        let signed = try stage(in: "state")
        try ImageStore(source).adopt(signed, .thisMachine, state: source)
        let copy = try stage(in: "disk")
        if isLocal {
            try MachineKey.sign(image.bytes, in: copy.directory, state: source)
        }
        try ImageStore(folder.path.appending("disk"))
            .adopt(copy, .asWhereItWas(store: source), state: folder.path.appending("elsewhere"))
        #expect(boots("disk") == isLocal)
        #expect(try folder.names("disk") == (isLocal ? ["images", "lifeboot"] : ["images"]))
    }
}
