"""Drives the scaler with grpcio: every method, streams, cancels, deadlines, and requests that are wrong.

usage: client.py HOST:PORT

What it learns of the services comes from reflection. It prints `ok NAME` for each check that holds, and `do WHAT` where
the test that runs it has to change the cluster; it ends with status 1 at the first check that does not hold.
"""

import sys
import threading

import grpc
from google.protobuf import descriptor_pool, message_factory
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

SERVICE = "externalscaler.ExternalScaler"
# Only a failing check waits so long.
PATIENCE = 60


def say(line):
    print(line, flush=True)


def check(name, got, wanted):
    if got != wanted:
        say(f"failed {name}: got {got!r}, wanted {wanted!r}")
        sys.exit(1)
    say(f"ok {name}")


class Scaler:
    """A stub made of what reflection tells."""

    def __init__(self, channel):
        self.channel = channel
        pool = descriptor_pool.DescriptorPool(ProtoReflectionDescriptorDatabase(channel))
        self.service = pool.FindServiceByName(SERVICE)
        self.pool = pool

    def message(self, kind, /, **fields):
        return message_factory.GetMessageClass(self.pool.FindMessageTypeByName(f"externalscaler.{kind}"))(**fields)

    def reference(self, name="arena", namespace="games", **metadata):
        return self.message("ScaledObjectRef", name=name, namespace=namespace, scalerMetadata=metadata)

    def call(self, method, request, timeout=PATIENCE):
        return self.stub(method)(request, timeout=timeout)

    def stub(self, method):
        descriptor = self.service.methods_by_name[method]
        answer = message_factory.GetMessageClass(descriptor.output_type)
        make = self.channel.unary_stream if descriptor.server_streaming else self.channel.unary_unary
        return make(
            f"/{SERVICE}/{method}",
            request_serializer=lambda message: message.SerializeToString(),
            response_deserializer=answer.FromString,
        )

    def metric(self, **metadata):
        request = self.message(
            "GetMetricsRequest", scaledObjectRef=self.reference(**metadata), metricName="whatever"
        )
        return self.call("GetMetrics", request).metricValues


def error_of(body):
    try:
        body()
    except grpc.RpcError as error:
        return error.code().name, error.details()
    return "OK", ""


def raw(channel, path, body, timeout=PATIENCE, metadata=None):
    return channel.unary_unary(path)(body, timeout=timeout, metadata=metadata)


def methods(scaler):
    specs = scaler.call("GetMetricSpec", scaler.reference()).metricSpecs
    check("spec", [(s.metricName, s.targetSize, s.targetSizeFloat) for s in specs], [("gssReplicas", 1, 1.0)])
    check("active", scaler.call("IsActive", scaler.reference()).result, True)
    values = scaler.metric(minAvailable="3")
    check(
        "metric", [(v.metricName, v.metricValue, v.metricValueFloat) for v in values], [("gssReplicas", 7, 7.0)]
    )
    check("waiting", scaler.metric()[0].metricValue, 3)
    check("percentage", scaler.metric(minAvailable="50%")[0].metricValue, 8)
    check("named set", scaler.metric(name="another", gameServerSet="arena")[0].metricValue, 3)


def failures(scaler):
    def code(method, request):
        return error_of(lambda: scaler.call(method, request))

    found = code("IsActive", scaler.reference(name="nobody"))
    check("unknown set", found, ("NOT_FOUND", "GameServerSet games/nobody was not found"))
    check("no name", code("IsActive", scaler.reference(name=""))[0], "INVALID_ARGUMENT")
    fresh = code("IsActive", scaler.reference(name="fresh"))
    check("no status", fresh, ("FAILED_PRECONDITION", "GameServerSet games/fresh has not inited"))
    negative = code("IsActive", scaler.reference(minAvailable="-1"))
    check("bad number", negative[0], "INVALID_ARGUMENT")
    wanted = "invalid min number: must be greater than 0 or a valid percentage between 0 and 1"
    check("bad number's message", wanted in negative[1], True)
    odd = code("IsActive", scaler.reference(minAvailable="zwölf %"))
    check("message in other letters", '"zwölf %"' in odd[1], True)


def malformed(channel):
    is_active = f"/{SERVICE}/IsActive"
    check("garbage", error_of(lambda: raw(channel, is_active, b"\xff\xff\xff"))[0], "INTERNAL")
    large = error_of(lambda: raw(channel, is_active, b"\x0a" + b"x" * 70_000))
    check("oversized", large[0], "RESOURCE_EXHAUSTED")
    huge = error_of(lambda: raw(channel, is_active, b"x" * 3_000_000))
    check("far oversized", huge[0], "RESOURCE_EXHAUSTED")
    check("unknown method", error_of(lambda: raw(channel, f"/{SERVICE}/Nothing", b""))[0], "UNIMPLEMENTED")
    check("unknown service", error_of(lambda: raw(channel, "/no.Service/Nothing", b""))[0], "UNIMPLEMENTED")
    fields = [("filler", "y" * 9000)]
    check("large head", error_of(lambda: raw(channel, is_active, b"", metadata=fields))[0], "RESOURCE_EXHAUSTED")

    def compressed():
        stub = channel.unary_unary(is_active)
        stub(b"\x0a\x05arena" * 50, timeout=PATIENCE, compression=grpc.Compression.Gzip)

    check("compressed", error_of(compressed)[0], "UNIMPLEMENTED")


def streams(scaler):
    stream = scaler.stub("StreamIsActive")(scaler.reference())
    check("stream begins", next(stream).result, True)
    say("do inactive")
    check("stream changes", next(stream).result, False)
    say("do active")
    check("stream changes back", next(stream).result, True)
    stream.cancel()
    check("cancelled", error_of(lambda: next(stream))[0], "CANCELLED")

    late = scaler.stub("StreamIsActive")(scaler.reference(), timeout=0.5)
    check("stream with a deadline", next(late).result, True)
    check("deadline", error_of(lambda: next(late))[0], "DEADLINE_EXCEEDED")

    gone = scaler.stub("StreamIsActive")(scaler.reference(name="brief"))
    check("stream of a set", next(gone).result, True)
    say("do remove brief")
    check("set is gone", error_of(lambda: next(gone)), ("NOT_FOUND", "GameServerSet games/brief was not found"))

    many = [scaler.stub("StreamIsActive")(scaler.reference()) for _ in range(300)]
    check("many streams", [next(one).result for one in many], [True] * 300)
    say("do inactive")
    check("many streams change", [next(one).result for one in many], [False] * 300)
    for one in many:
        one.cancel()
    say("do active")


def client_streaming_cut_short(channel):
    """A client that sends two requests where one is wanted, and one that sends none."""
    stub = channel.stream_unary(f"/{SERVICE}/IsActive")
    check("two requests", error_of(lambda: stub(iter([b"", b""]), timeout=PATIENCE))[0], "UNIMPLEMENTED")
    check("no request", error_of(lambda: stub(iter([]), timeout=PATIENCE))[0], "UNIMPLEMENTED")

    def never_ends():
        threading.Event().wait(3)
        yield b""

    check("deadline of a request", error_of(lambda: stub(never_ends(), timeout=0.3))[0], "DEADLINE_EXCEEDED")


def reflection(channel):
    stub = reflection_pb2_grpc.ServerReflectionStub(channel)

    def ask(**fields):
        request = reflection_pb2.ServerReflectionRequest(**fields)
        return next(stub.ServerReflectionInfo(iter([request]), timeout=PATIENCE))

    names = [service.name for service in ask(list_services="").list_services_response.service]
    check("services", SERVICE in names and "grpc.health.v1.Health" in names, True)
    check("unknown symbol", ask(file_containing_symbol="no.Thing").error_response.error_code, 5)
    check("file by name", len(ask(file_by_filename="health.proto").file_descriptor_response.file_descriptor_proto), 1)
    method = ask(file_containing_symbol=f"{SERVICE}.IsActive")
    check("symbol of a method", len(method.file_descriptor_response.file_descriptor_proto), 1)
    requests = [reflection_pb2.ServerReflectionRequest(list_services="") for _ in range(20)]
    check("exchange", len(list(stub.ServerReflectionInfo(iter(requests), timeout=PATIENCE))), 20)


def health(channel):
    stub = health_pb2_grpc.HealthStub(channel)
    serving = health_pb2.HealthCheckResponse.SERVING
    for service in ["", SERVICE]:
        answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=PATIENCE)
        check(f"health of '{service}'", answer.status, serving)
    unknown = error_of(lambda: stub.Check(health_pb2.HealthCheckRequest(service="no"), timeout=PATIENCE))
    check("health of an unknown service", unknown[0], "NOT_FOUND")
    watch = stub.Watch(health_pb2.HealthCheckRequest(service="no"))
    check("watch of an unknown service", next(watch).status, health_pb2.HealthCheckResponse.SERVICE_UNKNOWN)
    watch.cancel()
    return stub.Watch(health_pb2.HealthCheckRequest(service=""))


def many_calls(scaler):
    request = scaler.message("GetMetricsRequest", scaledObjectRef=scaler.reference(minAvailable="3"))
    stub = scaler.stub("GetMetrics")
    futures = [stub.future(request, timeout=PATIENCE) for _ in range(2000)]
    values = {future.result().metricValues[0].metricValue for future in futures}
    check("many calls at once", values, {7})


def main():
    with grpc.insecure_channel(sys.argv[1]) as channel:
        scaler = Scaler(channel)
        reflection(channel)
        methods(scaler)
        failures(scaler)
        malformed(channel)
        client_streaming_cut_short(channel)
        streams(scaler)
        many_calls(scaler)
        watch = health(channel)
        check("watch", next(watch).status, health_pb2.HealthCheckResponse.SERVING)
        stream = scaler.stub("StreamIsActive")(scaler.reference())
        check("stream before the end", next(stream).result, True)
        say("do drain")
        check("stream at the end", error_of(lambda: next(stream)), ("UNAVAILABLE", "the server is going away"))
    say("done")


main()
