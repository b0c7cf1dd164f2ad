import ImageFolders
import ImageModel
import ImageSources
import InstalledSystem
import RegistryModel
import SystemPackage
import TestMachines
import Testing

@Suite("An image in a folder of this machine")
struct LocalImageSupplierTests {
    let folder: TestFolder
    let image: FakeImage
    let source: FilePath

    /// An image on a state partition, signed by the key of the machine that made it.
    init() throws {
        folder = try TestFolder()
        image = try #require(try FakeImage.all.get().first)
        source = folder.path.appending("media/images/\(image.id)")
        try image.write(source)
        try MachineKey.sign(image.bytes, in: source, state: folder.path.appending("media"))
    }

    @Test("a copy brings the public key that its local signature needs, and never the private one")
    func key() throws {
        let supplier = try LocalImageSupplier(source, id: image.id, source: "the media")
        let staging = folder.path.appending("disk/images/.staging-1")
        let copy = try supplier.stage(in: staging, locals: [], progress: { _ in })
        #expect(copy.image.id == image.id)
        let store = ImageStore(folder.path.appending("disk"))
        try store.adopt(copy.image, supplier.signature, state: folder.path.appending("state"))
        #expect(try folder.names("disk/lifeboot") == ["machine.pem"])
        try store.publish(staging, as: image.id)
        let target = folder.path.appending("disk/images/\(image.id)")
        #expect(throws: Never.self) {
            try ImageVerification.manifest(in: target, expected: image.id, keys: [], local: .allow)
        }
    }

    @Test("an image that is another than expected, or that nobody vouches for, is not supplied")
    func refused() throws {
        let other = try #require(ImageID("0123456789abcdef"))
        #expect(throws: ImageVerificationError.self) {
            try LocalImageSupplier(source, id: other, source: "the media")
        }
        try MachineKey.sign(image.bytes, in: source, state: folder.path.appending("elsewhere"))
        #expect(throws: ImageVerificationError.self) {
            try LocalImageSupplier(source, id: image.id, source: "the media")
        }
    }
}
