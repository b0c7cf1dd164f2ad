import DocumentTree
import Faults
import ImageModel
import LinuxSystem
import PackageSpecs
import SystemPackage
import Testing

@testable import PackageBuilding

@Suite("The files of a layer in its image")
struct ImageStageTests: ~Copyable {
    private let folder: PrivateFolder
    private static let place = SpecPlace("derivative.yaml", .init(line: 1, column: 1))

    init() throws { folder = try PrivateFolder(in: "/tmp", prefix: "image-stage") }

    private func run(_ script: String) throws -> String {
        let outcome = try ChildProcess.run(
            "/bin/sh", ["-ec", script], directory: folder.path, output: .capture(atMost: 1 << 16),
            timeout: .seconds(20)
        ).requireSuccess()
        return String(decoding: outcome.standardOutput, as: UTF8.self)
    }

    private func fill(_ change: (inout DerivativeSpec) -> Void) throws -> String {
        var derivative = DerivativeSpec(place: Self.place)
        change(&derivative)
        try ImageStage.fill(folder.path.appending("stage"), with: derivative, of: folder.path.appending("layer"))
        return try run("cd stage/tree; find . -mindepth 1 | sort")
    }

    @Test("lie where an image has them; keys get the name that the agent looks for; links stay links")
    func places() throws {
        _ = try run(
            """
            mkdir -p layer/files/etc layer/web layer/oem/sub layer/health/required layer/keys
            echo 1 >layer/files/etc/a; ln -s a layer/files/etc/b; echo page >layer/web/index; echo x >layer/oem/sub/1.yaml
            echo check >layer/health/required/10-x; chmod 755 layer/health/required/10-x; echo l >layer/layout.yaml
            echo k >layer/keys/one.pub; echo k >layer/keys/two.pem; echo no >layer/keys/notes; echo k >layer/own.pub
            """)
        let list = try fill {
            $0.files = [.init(source: "files", target: "/"), .init(source: "web", target: "/srv/www")]
            ($0.oem, $0.health, $0.layout, $0.keys) = ("oem", "health", "layout.yaml", ["keys", "own.pub"])
        }
        #expect(
            list
                == [
                    "etc", "etc/a", "etc/b", "srv", "srv/www", "srv/www/index", "system", "system/oem",
                    "system/oem/sub",
                    "system/oem/sub/1.yaml", "usr", "usr/lib", "usr/lib/lifeboot", "usr/lib/lifeboot/health.d",
                    "usr/lib/lifeboot/health.d/required", "usr/lib/lifeboot/health.d/required/10-x",
                    "usr/lib/lifeboot/keys", "usr/lib/lifeboot/keys/one.pem", "usr/lib/lifeboot/keys/own.pem",
                    "usr/lib/lifeboot/keys/two.pem", "usr/lib/lifeboot/layout.yaml",
                ].map { "./\($0)\n" }.joined())
        #expect(
            try run("readlink stage/tree/etc/b; test -x stage/tree/usr/lib/lifeboot/health.d/required/10-x") == "a\n")
    }

    @Test("of two with one path the later one counts, and what was staged before is gone")
    func order() throws {
        _ = try run("mkdir -p layer/a layer/b; echo 1 >layer/a/x; echo 2 >layer/b/x; echo 3 >layer/a/y")
        _ = try fill { $0.files = [.init(source: "a", target: "/"), .init(source: "b", target: "/")] }
        #expect(try run("cat stage/tree/x stage/tree/y") == "2\n3\n")
        #expect(try fill { $0.files = [.init(source: "b", target: "/")] } == "./x\n")
        #expect(try fill { _ in } == "")
    }

    @Test("have the list of packages among them, in the place of one that the layer has")
    func list() throws {
        _ = try run("mkdir -p layer/files/usr/lib/lifeboot; echo own >layer/files/usr/lib/lifeboot/packages.json")
        var derivative = DerivativeSpec(place: Self.place)
        derivative.files = [.init(source: "files", target: "/")]
        let list = PackageList([.init("a/b", "1")])
        try ImageStage.fill(
            folder.path.appending("stage"), with: derivative, of: folder.path.appending("layer"), listing: list)
        let text = try run("cat stage/tree/usr/lib/lifeboot/packages.json; find stage/tree -type f | wc -l")
        #expect(text == String(decoding: list.serialized(), as: UTF8.self) + "1\n")
    }

    @Test("are an error that names what is not there")
    func missing() throws {
        let error = #expect(throws: PackageBuildError.self) { try fill { $0.oem = "oem" } }
        #expect("\(String(describing: error))".contains("layer/oem"))
    }
}
