import ImageModel
import Testing

@testable import GrubEnvironment

/// An id made of one repeated digit.
func id(_ digit: Character) throws -> ImageID {
    try #require(ImageID(String(repeating: digit, count: ImageID.length)))
}

/// An environment with an image for each role, a, b and c.
func sampleEnvironment() throws -> BootEnvironment {
    try BootEnvironment(active: id("a"), passive: id("b"), recovery: id("c"), activeState: .good)
}

@Suite("Boot environment codec")
struct BootEnvironmentCodecTests {
    @Test("what is written is read back without a problem")
    func roundTrip() throws {
        var environment = try sampleEnvironment()
        environment.setTries(9, of: .active)
        environment.setTries(0, of: .recovery)
        environment.passiveState = .bad
        environment.defaultRole = .passive
        environment.next = .recovery
        environment.pending = .reset
        environment.wipe = .all
        environment.passive = nil
        let reading = try BootEnvironment.read(environment.serialized())
        #expect(reading.environment == environment)
        #expect(reading.problems.isEmpty)
    }

    @Test("the block is 1,024 bytes and its variables end in the first sector")
    func sector() throws {
        let bytes = try sampleEnvironment().serialized()
        #expect(bytes.count == 1024)
        #expect(bytes[512...].allSatisfy { $0 == UInt8(ascii: "#") })
    }

    @Test("an absurd variable is replaced and reported", arguments: EnvironmentVariable.allCases)
    func absurd(variable: EnvironmentVariable) throws {
        var block = try sampleEnvironment().block
        block[variable] = "10 absurd"
        let reading = try BootEnvironment.read(block.serialized())
        #expect(reading.problems.map(\.variable) == [variable.rawValue])
        #expect(reading.problems.first?.found == "10 absurd")
    }

    @Test(
        "a missing variable is replaced and reported", arguments: EnvironmentVariable.allCases.filter(\.isForGrub))
    func missing(variable: EnvironmentVariable) throws {
        var block = try sampleEnvironment().block
        block[variable] = nil
        let reading = try BootEnvironment.read(block.serialized())
        #expect(reading.problems.map(\.variable) == [variable.rawValue])
        #expect(reading.problems.first?.found == nil)
    }

    @Test(
        "what stands in for an absurd variable or a missing one is what GRUB takes, and no image counts as good by it",
        arguments: [
            (EnvironmentVariable.activeState, "trial"), (.passiveState, "good"), (.defaultRole, "active"),
            (.next, "-"), (.pending, "-"), (.activeTries, "3"), (.passiveTries, "3"), (.recoveryTries, "3"),
        ])
    func assumed(variable: EnvironmentVariable, text: String) throws {
        var environment = try sampleEnvironment()
        for role in Role.allCases { environment.setTries(1, of: role) }
        (environment.passiveState, environment.defaultRole) = (.bad, .passive)
        (environment.next, environment.pending) = (.passive, .reset)
        for found in ["absurd", nil] {
            var block = environment.block
            block[variable] = found
            #expect(try BootEnvironment.read(block.serialized()).environment.text(of: variable) == text)
        }
    }

    @Test("an absurd role takes its image from the backup, an empty one does not", arguments: Role.allCases)
    func backup(role: Role) throws {
        let backup = try sampleEnvironment()
        var block = backup.block
        block[.image(of: role)] = "absurd"
        let reading = try BootEnvironment.read(block.serialized(), backup: backup.serialized())
        #expect(reading.environment == backup && reading.problems.count == 1)
        block[.image(of: role)] = "-"
        #expect(try BootEnvironment.read(block.serialized(), backup: backup.serialized()).problems.isEmpty)
    }

    @Test("kernel arguments become a block with one variable")
    func kernelArguments() throws {
        let block = try EnvironmentBlock(parsing: EnvironmentBlock.kernelArguments(["quiet", "a=b"]))
        #expect(block.variables == [.init("kernel_arguments", "quiet a=b")])
    }

    @Test("an image's title goes with its arguments, as long as both fit", arguments: [true, false])
    func title(fits: Bool) throws {
        let argument = String(repeating: "a", count: fits ? 10 : 970)
        let bytes = try EnvironmentBlock.kernelArguments([argument], title: "ACME 3.0")
        let block = try EnvironmentBlock(parsing: bytes)
        #expect(block["kernel_arguments"] == argument)
        #expect(block["image_title"] == (fits ? "ACME 3.0" : nil))
        #expect(bytes.count == EnvironmentBlock.size)
    }

    @Test(
        "a title is name and version in capitals, dashes for what GRUB does not take, and short",
        arguments: [
            ("acme", "3.0", "ACME 3.0"), ("a_b", "1~rc:2+x", "A_B 1-RC-2+X"), ("-é", "", nil), ("", "1", "1"),
            (String(repeating: "a", count: 60), "1", String(repeating: "A", count: 40)),
        ] as [(String, String, String?)])
    func titles(name: String, version: String, title: String?) {
        #expect(Manifest.menuTitle(name: name, version: version) == title)
    }

    @Test("an absurd counter counts as full", arguments: ["", "-1", "10", "x", "+1", "３"])
    func absurdTries(text: String) throws {
        var block = try sampleEnvironment().block
        block[.activeTries] = text
        #expect(try BootEnvironment.read(block.serialized()).environment.activeTries == BootEnvironment.maximumTries)
    }

    @Test("what a reset formats is read and written only beside a pending reset", arguments: WipeScope.allCases)
    func wipe(scope: WipeScope) throws {
        var environment = try sampleEnvironment()
        environment.wipe = scope
        #expect(environment.text(of: .wipe) == "-")
        var block = environment.block
        block[.wipe] = scope.rawValue
        #expect(try BootEnvironment.read(block.serialized()).environment.wipe == nil)
        environment.pending = .reset
        #expect(environment.text(of: .wipe) == scope.rawValue)
        #expect(try BootEnvironment.read(environment.serialized()).environment == environment)
    }

    @Test("a block without the variable, of an earlier agent, formats nothing and is not reported")
    func withoutWipe() throws {
        var environment = try sampleEnvironment()
        environment.pending = .reset
        var block = environment.block
        block[.wipe] = nil
        let reading = try BootEnvironment.read(block.serialized())
        #expect(reading.environment == environment)
        #expect(reading.problems.isEmpty)
    }

    @Test("an unknown variable is reported")
    func unknown() throws {
        var block = try sampleEnvironment().block
        block["boot_success"] = "1"
        #expect(try BootEnvironment.read(block.serialized()).problems.map(\.variable) == ["boot_success"])
    }

    @Test("a block cut in half is read, and said so")
    func cut() throws {
        let reading = try BootEnvironment.read(Array(sampleEnvironment().serialized().prefix(512)))
        #expect(try reading.environment == sampleEnvironment())
        #expect(reading.problems.map(\.variable) == ["boot.env"])
    }

    @Test("a block without signature or without images is not usable")
    func unusable() throws {
        #expect(throws: EnvironmentBlockError.self) { try BootEnvironment.read([UInt8](repeating: 0, count: 1024)) }
        #expect(throws: EnvironmentBlockError.self) { try BootEnvironment.read(BootEnvironment().serialized()) }
    }
}
