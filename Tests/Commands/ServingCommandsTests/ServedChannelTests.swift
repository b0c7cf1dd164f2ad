import Cryptography
import ImageModel
import ImageSources
import RegistryAccess
import RegistryModel
import ReleaseModel
import TestServers
import Testing

@testable import ServingCommands

@Suite("A channel that boatyard serve gives")
struct ServedChannelTests {
    private func document(_ issued: String) throws -> ChannelDocument {
        ChannelDocument(
            name: "stable", issued: try #require(UTCTime(issued)),
            expires: try #require(UTCTime("2027-11-01T00:00:00Z")))
    }

    @Test("is asked for by one request of at most 1 KiB when nothing is new, and read whole when something is")
    func poll() throws {
        let key = try SigningKey()
        let served = try ServedFolder { target in
            let stored = try target.storeChannel(document("2026-11-01T00:00:00Z").serialized(), signedWith: key)
            try target.tag(stored, as: "stable")
        }
        let proxy = try CountingProxy(to: served.port)
        let reference = try SourceReference(parsing: "oci://\(proxy.host)/team/os:stable")
        let keys = [TrustedKey(name: "vendor.pem", key: try key.publicKey())]
        func read(_ copy: ChannelCopy?) throws -> (FollowedChannel, [CountingProxy.Request]) {
            try proxy.mend()
            let source = try AnySource(opening: reference, RegistryConfiguration(authFiles: []))
            let channel = try ChannelFollowing.read(reference, source, keys: keys, allowsUnsigned: false, copy: copy)
            return (channel, try proxy.requests())
        }
        let (first, all) = try read(nil)
        #expect(all.allSatisfy { $0.status == 200 } && first.isSigned)
        let (second, requests) = try read(first.copy)
        #expect(second == first)
        #expect(requests.map(\.status) == [304] && requests.map(\.path) == ["/v2/team/os/manifests/stable"])
        let (sent, received) = (requests.first?.sent ?? .max, requests.first?.received ?? .max)
        #expect(sent <= 1024 && received <= 1024, "\(sent) and \(received) bytes")
    }
}
