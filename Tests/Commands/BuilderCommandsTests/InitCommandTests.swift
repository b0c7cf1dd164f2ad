import CommandOutput
import Foundation
import Testing

@testable import BuilderCommands

@Suite("boatyard init")
struct InitCommandTests {
    private static func run(_ arguments: String...) -> Int32 {
        CommandLineProgram.run(BoatyardCommand.self, arguments, Output("boatyard", .lines))
    }

    @Test("makes a layer in which nothing is wrong, once")
    func layer() throws {
        let folder = NSTemporaryDirectory() + "boatyard-init-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(Self.run("init", folder + "/pier") == 0)
        #expect(Self.run("package", "check", "--layer", folder + "/pier") == 0)
        let text = try String(contentsOfFile: folder + "/pier/derivative.yaml", encoding: .utf8)
        #expect(text.contains("\nname: pier\n"))
        #expect(Self.run("init", folder + "/pier") == 2, "it is not empty")
        #expect(Self.run("init", folder + "/a b") == 2, "its name is none of a layer")
        #expect(Self.run("init", folder + "/a b", "--name", "ab") == 0)
        #expect(Self.run("package", "check", "--layer", folder + "/a b") == 0)
    }

    @Test(
        "prints what to type, with the folder that was given",
        arguments: [
            ("pier", "pier"), ("../a-b_c.1/d", "../a-b_c.1/d"), ("a b", "'a b'"), ("a;b", "'a;b'"),
            ("it's", #"'it'\''s'"#),
        ])
    func next(_ folder: String, _ word: String) {
        #expect(InitCommand.next(folder).first == "cd \(word)")
    }
}
