import DocumentTree
import JSONText
import PackageModel
import PackageSpecs
import SystemPackage
import YAMLDocuments

extension FuzzTarget {
    /// What says what a layer and its packages are.
    static let specs: [FuzzTarget] = [
        FuzzTarget(name: "package-file") { (bytes) throws(FuzzFailure) in try packageFile(bytes) },
        survives("derivative-file") { bytes in
            _ = try DerivativeFile(try YAMLDocument.parse(bytes), file: "derivative.yaml").derivative(in: context)
        },
        survives("layer-file") { bytes in
            let layer = try LayerFile(
                try YAMLDocument.parse(bytes), file: "boatyard.yaml", architecture: "amd64", environment: environment)
            _ = LockFile().differences(from: try LayerSpecs(layer, []))
        },
        survives("values-file") { bytes in
            let document = try YAMLDocument.parse(bytes)
            _ = try FlavourFile.values(of: document, file: "values/a.yaml", environment: environment)
        },
        returns(
            "lock-file", { try LockFile(try YAMLDocument.parse($0), file: "boatyard.lock") }, { $0.serialized() }),
        survives("containerfile") { bytes in
            let document = try YAMLDocument.parse(
                Array("format: 1\nname: a/b\nversion: 1\nbuild: {containerfile: C}".utf8))
            _ = try PackageFile(document, file: "package.yaml").packages(in: context) { _ throws(SpecError) in
                text(bytes)
            }
        },
    ]

    private static let environment = ["HOME": "/root"]
    private static let context = SpecContext(
        architecture: "amd64", environment: environment,
        values: ["image": SpecValue("docker.io/library/debian:12", from: .option)])

    private static func packageFile(_ bytes: [UInt8]) throws(FuzzFailure) {
        let reading: PackageReading
        do {
            reading = try PackageFile(try YAMLDocument.parse(bytes), file: "package.yaml")
                .packages(in: context) { _ throws(SpecError) in "FROM scratch" }
        } catch { return try readable(error) }
        let lines = bytes.count { [0x0A, 0x0D, 0x85, 0xA8, 0xA9].contains($0) } + 2
        for package in reading.packages {
            let places = package.requires.map(\.place) + package.finalize.map(\.place) + [package.place]
            for place in places where !(1...lines).contains(place.mark.line) {
                throw FuzzFailure(because: "of \(lines) lines it names \(place)")
            }
            let written = JSONValue.object(package.metadata.json).serialized()
            guard (try? PackageMetadata(parsing: written)) == package.metadata else {
                throw FuzzFailure(because: "its description is not read back: \(text(written))")
            }
            for command in (package.build?.steps ?? []) + package.finalize where command.value.utf8.contains(0) {
                throw FuzzFailure(because: "a command at \(command.place) has a zero byte")
            }
        }
    }
}
