package import LinuxSystem
import NIOCore
import NIOHTTP1
import NIOPosix
package import WebMessages

/// Answers requests of HTTP/1.1 until it is stopped; without TLS.
///
/// Its threads are its own: nothing here needs a thread of Swift's concurrency, which others may block.
package final class WebServer: Sendable {
    /// Where it listens; the port is the one that was free when none was asked for.
    package let address: ListenAddress
    private let channel: any Channel
    private let connections: OpenConnections
    private let limits: ServingLimits

    /// Starts to listen.
    ///
    /// - Parameter ended: called when it does not listen any more, whether it was stopped or not.
    /// - Throws: `WebServerError` when it cannot listen there.
    package init(
        _ address: ListenAddress, _ limits: ServingLimits = ServingLimits(), answering answerer: some RequestAnswering,
        ended: @escaping @Sendable () -> Void = {}
    ) throws {
        let connections = try OpenConnections()
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            // One at a time, so that there are never more than there may be.
            .serverChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptLimit(limits.connections))
                }
            }
            .childChannelInitializer { channel in
                connections.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    try Self.configure(channel.pipeline.syncOperations, limits, answerer)
                }
            }
        do { channel = try bootstrap.bind(host: address.host, port: address.port).wait() } catch {
            throw WebServerError.refused(address, error)
        }
        self.address = ListenAddress(host: address.host, port: channel.localAddress?.port ?? address.port)
        self.connections = connections
        self.limits = limits
        channel.closeFuture.whenComplete { _ in ended() }
    }

    private static let backlog: Int32 = 256

    private static func configure(
        _ pipeline: ChannelPipeline.SynchronousOperations, _ limits: ServingLimits, _ answerer: any RequestAnswering
    ) throws {
        var decoder = NIOHTTPDecoderLimitConfiguration()
        decoder.maxHeaderFieldSize = limits.fieldLength
        decoder.maxHeaderListSize = limits.headLength
        decoder.maxHeaderFieldCount = limits.fieldCount
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: true, withErrorHandling: true, withOutboundHeaderValidation: true,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoder)
        try pipeline.addHandler(ServerConnection(limits, answerer, NIOThreadPool.singleton))
    }

    /// Whether it still accepts connections.
    package var isListening: Bool { channel.isActive }

    /// Accepts nobody any more, lets answers end that are under way, and breaks off those that do not in time.
    ///
    /// - Throws: `SystemError` when nobody can wait.
    package func stop() throws(SystemError) {
        channel.close(promise: nil)
        try connections.end(in: limits.stopTime)
    }
}
