import ImageModel
import JSONText
import SystemPackage
import TransactionPlanning

/// What was installed last, from where and when: `/lifeboot/installed.json` on the state partition.
struct InstalledRecord {
    static let file: FilePath = "lifeboot/installed.json"

    private let json: JSONValue

    init(_ candidate: ImageCandidate, image: ImageID?, time: Int64) {
        json = [
            "format": 1, "time": UTCTime(seconds: time).map { .string($0.description) } ?? .null,
            "image": image.map { .string($0.description) } ?? .null, "source": candidate.json,
        ]
    }

    func serialized() -> [UInt8] { json.serialized(indented: true) + [0x0A] }
}
