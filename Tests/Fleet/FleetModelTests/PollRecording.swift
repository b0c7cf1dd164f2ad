import Cryptography
import Foundation
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import SystemPackage
import Testing

/// The file with the copy of the channel, for `scripts/bench-fleet`; nil unless that runs.
private let copyPath = ProcessInfo.processInfo.environment["LIFEBOOT_FLEET_COPY"]

/// Polls a channel as the agent does, so that a proxy can record it.
@Suite("Recording a poll", .enabled(if: copyPath != nil))
struct PollRecording {
    @Test("polls the channel LIFEBOOT_FLEET_CHANNEL, with the copy of it where there is one")
    func poll() throws {
        let environment = ProcessInfo.processInfo.environment
        let url = URL(fileURLWithPath: try #require(copyPath))
        let reference = try SourceReference(parsing: try #require(environment["LIFEBOOT_FLEET_CHANNEL"]))
        let key = try TrustedKey(file: FilePath(try #require(environment["LIFEBOOT_FLEET_KEY"])))
        let copy = (try? Data(contentsOf: url)).flatMap { ChannelCopy(parsing: Array($0)) }
        let source = try AnySource(
            opening: reference, RegistryConfiguration(authFiles: []), userAgent: "lifeboot/0.1.0")
        let channel = try ChannelFollowing.read(reference, source, keys: [key], allowsUnsigned: false, copy: copy)
        #expect(channel.isSigned)
        try Data(try #require(channel.copy).serialized()).write(to: url)
    }
}
