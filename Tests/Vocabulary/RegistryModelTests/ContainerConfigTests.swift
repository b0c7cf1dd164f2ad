import ImageModel
import Testing

@testable import RegistryModel

@Suite("Configs of container images")
struct ContainerConfigTests {
    static let text = #"""
        {"created":"2026-11-23T11:45:29.123456789Z","architecture":"amd64","os":"linux","config":{"Env":["A=b"],
        "Labels":{"io.lifeboot.name":"os"}},"rootfs":{"type":"layers","diff_ids":["\#(digest(1).registryText)"]},
        "history":[{}]}
        """#

    @Test("a config is read")
    func reads() throws {
        let config = try ContainerConfig(parsing: Array(Self.text.utf8))
        #expect(config.architecture == "amd64" && config.operatingSystem == "linux")
        #expect(config.created?.description == "2026-11-23T11:45:29Z")
        #expect(config.diffIDs == [digest(1)])
        #expect(config.labels == ["io.lifeboot.name": "os"])
    }

    @Test(
        "times of other zones are understood",
        arguments: [
            ("2026-11-23T11:45:29Z", "2026-11-23T11:45:29Z"), ("2026-11-23T11:45:29.5+01:00", "2026-11-23T10:45:29Z"),
            ("2026-11-23T23:45:29-05:30", "2026-11-24T05:15:29Z"), ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ])
    func times(text: String, expected: String) throws {
        let config = try ContainerConfig(
            parsing: Array(Self.text.replacing("2026-11-23T11:45:29.123456789Z", with: text).utf8))
        #expect(config.created?.description == expected)
    }

    @Test(
        "malformed configs are refused",
        arguments: [
            "", "{}", text.replacing("11:45:29.123456789Z", with: "11:45:29."),
            text.replacing("123456789Z", with: "1+1:00"),
            text.replacing("\"layers\"", with: "\"x\""), text.replacing("sha256:", with: "md5:"),
            text.replacing("\"os\"}", with: "1}"), text.replacing("\"linux\"", with: "[]"),
        ])
    func refuses(text: String) {
        #expect(throws: RegistryModelError.self) { try ContainerConfig(parsing: Array(text.utf8)) }
    }

    @Test("a config is read as it was written")
    func writes() throws {
        var config = try ContainerConfig(parsing: Array(Self.text.utf8))
        #expect(try ContainerConfig(parsing: config.serialized()) == config)
        (config.labels, config.created, config.diffIDs) = ([:], nil, [])
        #expect(try ContainerConfig(parsing: config.serialized()) == config)
    }

    @Test("mutated configs never trap")
    func fuzz() {
        for bytes in Self.text.mutations(seed: 7) { _ = try? ContainerConfig(parsing: bytes) }
    }
}
