import NIOCore
import NIOHTTP1
import NIOPosix
import WebMessages

/// One connection: reads a request, answers it, and goes on to the next.
///
/// Whoever is too slow, or sends more than a server that only gives things needs, is cut off. One timer at a time: for a
/// request, then for each piece of the answer that the client has not taken yet. Everything here happens on the event loop
/// of the connection, except what may wait for a disk.
final class ServerConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ServingLimits
    private let answerer: any RequestAnswering
    private let threads: NIOThreadPool
    private var timer: Scheduled<Void>?
    private var head: HTTPRequestHead?
    private var bodyLength = 0
    private var isAnswering = false
    /// Whether no further request is wanted.
    private var isEnding = false

    init(_ limits: ServingLimits, _ answerer: any RequestAnswering, _ threads: NIOThreadPool) {
        self.limits = limits
        self.answerer = answerer
        self.threads = threads
    }

    func channelActive(context: ChannelHandlerContext) {
        allow(limits.requestTime, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ServerEnds else { return context.fireUserInboundEventTriggered(event) }
        isEnding = true
        if !isAnswering { context.close(promise: nil) }
    }

    /// What is no request has been answered by then.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): (self.head, bodyLength) = (head, 0)
        case .body(let bytes):
            bodyLength += bytes.readableBytes
            if bodyLength > limits.bodyLength { context.close(promise: nil) }
        case .end:
            timer?.cancel()
            if let head { answer(head, context) }
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (request, answerer) = (WebRequest(head), answerer)
        isAnswering = true
        threads.runIfActive(eventLoop: context.eventLoop) { answerer.answer(request) }.assumeIsolated().whenComplete {
            // Only a process that ends has no threads.
            guard case .success(let answer) = $0, context.channel.isActive else { return context.close(promise: nil) }
            self.send(answer, keeping: head.isKeepAlive && !self.isEnding, context)
        }
    }

    private func send(_ answer: WebAnswer, keeping isKept: Bool, _ context: ChannelHandlerContext) {
        var head = HTTPResponseHead(answer)
        if !isKept { head.headers.add(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        switch answer.body {
        case .none: end(keeping: isKept, context)
        case .bytes(let bytes):
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            end(keeping: isKept, context)
        case .content(let content, let range): send(content, range, keeping: isKept, context)
        }
    }

    /// Sends a range piece by piece, each when the client has taken the one before.
    ///
    /// What cannot be read ends the connection: the client sees by the length that the answer is not whole.
    private func send(
        _ content: any WebContent, _ range: Range<Int>, keeping isKept: Bool, _ context: ChannelHandlerContext
    ) {
        guard let start = range.first else { return end(keeping: isKept, context) }
        let count = min(ServingLimits.piece, range.count)
        threads.runIfActive(eventLoop: context.eventLoop) { try content.bytes(at: start, count: count) }
            .assumeIsolated().whenComplete {
                guard case .success(let bytes) = $0 else { return context.close(promise: nil) }
                self.write(.body(.byteBuffer(ByteBuffer(bytes: bytes))), context) {
                    self.send(content, range.dropFirst(count), keeping: isKept, context)
                }
            }
    }

    private func end(keeping isKept: Bool, _ context: ChannelHandlerContext) {
        write(.end(nil), context) {
            self.isAnswering = false
            guard isKept, !self.isEnding else { return context.close(promise: nil) }
            self.allow(self.limits.idleTime, context)
        }
    }

    /// Writes a part, and goes on when the client has taken it.
    private func write(
        _ part: HTTPServerResponsePart, _ context: ChannelHandlerContext, then next: @escaping () -> Void
    ) {
        guard context.channel.isActive else { return }
        allow(limits.pieceTime, context)
        context.writeAndFlush(wrapOutboundOut(part)).assumeIsolated().whenComplete {
            self.timer?.cancel()
            if case .success = $0 { next() }
        }
    }

    /// Ends the connection when the next thing has not happened in time.
    private func allow(_ time: Duration, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: TimeAmount(time)) { channel.close(promise: nil) }
    }
}

/// Tells a connection that the server ends.
///
/// Not NIO's own event: its handlers close connections with half a request by it, which its parser then takes for a fault of its
/// own.
struct ServerEnds: Sendable {}

extension WebRequest {
    /// Takes a request as it was received.
    init(_ head: HTTPRequestHead) {
        var fields: [String: String] = [:]
        for (name, value) in head.headers {
            let name = name.lowercased()
            fields[name] = fields[name].map { "\($0), \(value)" } ?? value
        }
        self.init(head.method.rawValue, head.uri, fields: fields)
    }
}

extension HTTPResponseHead {
    /// The head of an answer.
    init(_ answer: WebAnswer) {
        var headers = HTTPHeaders()
        for (name, value) in answer.fields { headers.add(name: name, value: value) }
        if let length = answer.length { headers.add(name: "Content-Length", value: String(length)) }
        self.init(version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
    }
}
