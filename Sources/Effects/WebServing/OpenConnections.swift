import LinuxSystem
import NIOCore
import Synchronization

/// The connections that are open, of which there are not too many.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
    }

    private let state = Mutex(State())
    private let emptied: WakeSignal

    init() throws(SystemError) { emptied = try WakeSignal() }

    var count: Int { state.withLock { $0.channels.count } }

    /// Notes a connection until it ends; ends it at once when the server stops.
    func add(_ channel: any Channel) {
        let isStopping = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = channel
            return state.isStopping
        }
        channel.closeFuture.whenComplete { _ in self.remove(channel) }
        if isStopping { channel.close(promise: nil) }
    }

    private func remove(_ channel: any Channel) {
        let isEmptied = state.withLock { state in
            state.channels[ObjectIdentifier(channel)] = nil
            return state.isStopping && state.channels.isEmpty
        }
        if isEmptied { emptied.raise() }
    }

    /// Ends those that wait for a request, and the others after their answers or, when the time is over, at once.
    ///
    /// - Throws: `SystemError` when nobody can wait.
    func end(in time: Duration) throws(SystemError) {
        let open = state.withLock { state in
            state.isStopping = true
            return Array(state.channels.values)
        }
        if open.isEmpty { return }
        for channel in open { channel.pipeline.fireUserInboundEventTriggered(ServerEnds()) }
        if try emptied.wait(until: .after(time)) { return }
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }
}

/// Accepts nobody while there are as many connections as there may be; the kernel lets others wait.
final class AcceptLimit: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never
    typealias OutboundOut = Never

    private let limit: Int
    private var count = 0
    private var isWaiting = false

    init(_ limit: Int) { self.limit = limit }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        count += 1
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).assumeIsolated().whenComplete { _ in
            self.count -= 1
            guard self.isWaiting, context.channel.isActive else { return }
            self.isWaiting = false
            context.read()
        }
        context.fireChannelRead(data)
    }

    func read(context: ChannelHandlerContext) {
        if count < limit { context.read() } else { isWaiting = true }
    }
}
