import Foundation
import GrubEnvironment
import ImageModel
import Testing

@Suite("GRUB configuration")
struct GrubConfigurationTests {
    static let names = Set(EnvironmentVariable.allCases.filter(\.isForGrub).map(\.rawValue))

    @Test("grub-script-check accepts it", .needs("grub-script-check"), arguments: ["grub.cfg", "select.cfg"])
    func syntax(file: String) throws {
        let result = try Tool.run("grub-script-check", ["grub/\(file)"])
        #expect(result.status == 0, "\(result.complaints)")
    }

    @Test("it loads every variable of the boot environment, and no other")
    func loads() throws {
        #expect(try GrubConfiguration().loaded == Self.names)
    }

    @Test("it saves only variables of the boot environment")
    func saves() throws {
        let saved = try GrubConfiguration().saved
        #expect(saved.isSubset(of: Self.names))
        #expect(saved.isSuperset(of: ["active_tries", "passive_tries", "recovery_tries", "next"]))
    }

    @Test("it gives every reason that the agent knows", arguments: BootReason.allCases)
    func reasons(_ reason: BootReason) throws {
        let calls = try GrubConfiguration().commands.filter { $0.contains("lifeboot_try ") || $0.contains("_boot ") }
        #expect(calls.contains { $0.split { " ;".contains($0) }.contains(Substring(reason.rawValue)) })
    }

    @Test("it passes only parameters that the agent reads")
    func parameters() throws {
        let known = try Repository.text("Sources/Vocabulary/BootModel/BootParameters+Decoding.swift")
        for word in try GrubConfiguration().values(of: "lifeboot_arguments") where word.contains("=") {
            let name = word.prefix { $0 != "=" }
            #expect(known.contains("\"\(name)\""), "\(name) is passed but never read")
        }
    }

    @Test("its last line tells the selector that it was read to the end")
    func lastLine() throws {
        let last = try Repository.text("grub/grub.cfg").split(separator: "\n").last
        #expect(last == "set lifeboot_complete=1")
        #expect(try Repository.text("grub/select.cfg").contains("[ -n \"$lifeboot_complete\" ]"))
    }

    @Test(
        "what the list of choices says is in capitals and its keys are small letters, so that an echo chooses nothing")
    func capitals() throws {
        let configuration = try GrubConfiguration()
        let functions = ["lifeboot_offer", "lifeboot_learn", "lifeboot_describe", "lifeboot_confirmed"]
        let said = functions.flatMap { configuration.body(of: $0) }.flatMap { $0.components(separatedBy: "; ") }.filter
        {
            $0.hasPrefix("echo \"") || $0.contains("set lifeboot_says")
        }
        #expect(said.count > 15)
        for line in said {
            let text = line.drop { $0 != "\"" }.replacing(/\$[a-z_]+/, with: "")
            let isCapital = text == text.uppercased()
            #expect(isCapital, "\(line)")
        }
        let keys = configuration.body(of: "lifeboot_entries").compactMap { $0.firstMatch(of: /hotkey=(\S)/)?.1 }
        #expect(keys.prefix(6) == ["n", "a", "p", "r", "x", "g"])
        let isEsc = keys.dropFirst(6).allSatisfy { $0 == "'" }
        #expect(isEsc)
    }

    @Test("a title that an image is given is one that the list shows", arguments: ["acme", "a_b-c.d", "x~:!$'\"\\é"])
    func titles(name: String) throws {
        let patterns = try GrubConfiguration().body(of: "lifeboot_describe").compactMap { line in
            line.firstMatch(of: /'\^x(.*)\$'/).map { String($0.output.1) }
        }
        let pattern = try Regex(try #require(patterns.first))
        for version in ["3.0", String(repeating: "1.", count: 40), "2~rc1+dfsg"] {
            let title = try #require(Manifest.menuTitle(name: name, version: version))
            let match = title.wholeMatch(of: pattern)
            #expect(match != nil, "\(title)")
        }
    }

    @Test("names hidden in variables are found")
    func expansion() {
        let text = """
            set changed=next
            if load_env --file "$lifeboot_env" a \\
                b; then true; fi
            if save_env --file "$lifeboot_env" "${1}_tries" $changed; then return 0; fi
            """
        let configuration = GrubConfiguration(parsing: text)
        #expect(configuration.loaded == ["a", "b"])
        #expect(configuration.saved == ["active_tries", "passive_tries", "recovery_tries", "next"])
    }
}
