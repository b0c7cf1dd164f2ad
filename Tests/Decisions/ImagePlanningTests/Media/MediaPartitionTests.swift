import Testing

@testable import ImagePlanning

@Suite("The image that UEFI reads")
struct MediaPartitionTests {
    @Test(
        "is large enough for FAT16 and for what lies in it, in whole mebibytes",
        arguments: [(0, 4096), (3_900_000, 4096), (4_000_000, 5120), (10 << 20, 11264)] as [(Int64, Int64)])
    func size(bytes: Int64, kibibytes: Int64) {
        #expect(MediaPartition.kibibytes(for: bytes) == kibibytes)
    }
}
