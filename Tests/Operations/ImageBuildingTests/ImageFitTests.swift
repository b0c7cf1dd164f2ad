import Faults
import ImageModel
import Testing

@testable import ImageBuilding

@Suite("An image and its partitions")
struct ImageFitTests {
    private static func manifest() throws -> Manifest {
        let digest = try #require(Digest(bytes: [UInt8](repeating: 1, count: 32)))
        let file = Manifest.File(size: 100, sha256: digest)
        let verity = VerityParameters(
            rootHash: digest.bytes, salt: digest.bytes, hashOffset: 4096, dataBlockSize: 4096, hashBlockSize: 4096,
            algorithm: "sha256", uuid: "11111111-2222-3333-4444-555555555555")
        return Manifest(
            name: "a", version: "1", sequence: 1, createdAt: try #require(UTCTime(seconds: 0)), architecture: "amd64",
            osRelease: [], root: Manifest.Root(format: "squashfs", size: 800, sha256: digest, verity: verity),
            kernel: file, initrd: file)
    }

    @Test(
        "fit when two fit into recovery and three into state, and nobody asks without a size",
        arguments: [
            ([:], nil), (["recovery": 2000], nil), (["recovery": 1999], "2 of 1000 bytes"), (["state": 3000], nil),
            (["state": 2999, "recovery": 9999], "3 of 1000 bytes"),
        ] as [([String: Int64], String?)])
    func fit(sizes: [String: Int64], cause: String?) throws {
        let manifest = try Self.manifest()
        guard let cause else { return try ImageFit(sizes).check(manifest) }
        let error = #expect(throws: ImageBuildError.self) { try ImageFit(sizes).check(manifest) }
        #expect(error?.cause.contains(cause) == true)
    }
}
